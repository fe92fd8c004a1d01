import { appendBody, type Counts, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { ask } from '../request.ts'
import type { Client, Delivered } from './client.ts'
import { LeanClient } from './lean-client.ts'

interface AnsweredEntry {
  readonly id: string
  readonly fields: { readonly number: string }
}

/** What comes before the id of an entry in an answer. */
const BEFORE_ID = '{"id":"'

/** Speaks to Weir and to whatever has the same routes. */
export class HttpClient implements Client {
  readonly #http: LeanClient
  /** The body of the last append, for whoever appends the same again and again. */
  #last: { readonly first: number; readonly entries: number; readonly body: string } | undefined

  constructor(port: number) {
    this.#http = new LeanClient(port)
  }

  async open(): Promise<void> {
    await ask(this.#http, 'PUT', GROUP_PATH, '{"createStream":true}')
  }

  async append(first: number, entries: number): Promise<void> {
    if (this.#last?.first !== first || this.#last.entries !== entries)
      this.#last = { first, entries, body: appendBody(first, entries) }
    const { status, body } = await this.#http.send('POST', `${STREAM_PATH}/entries`, this.#last.body)
    if (status !== 201) throw new Error(`An append was refused: ${status} ${body}`)
  }

  async read(consumer: string, count: number, waitMs: number): Promise<Delivered[]> {
    const { entries } = JSON.parse(await this.#read(consumer, count, waitMs))
    return (entries as AnsweredEntry[]).map(({ id, fields }) => ({ id, number: Number(fields.number) }))
  }

  /** Looked for and not parsed, because this shares the processors of the server. */
  async readIds(consumer: string, count: number, waitMs: number): Promise<string[]> {
    const text = await this.#read(consumer, count, waitMs)
    const ids: string[] = []
    for (let at = text.indexOf(BEFORE_ID); at >= 0; at = text.indexOf(BEFORE_ID, at)) {
      at += BEFORE_ID.length
      ids.push(text.slice(at, text.indexOf('"', at)))
    }
    return ids
  }

  async ack(ids: readonly string[]): Promise<number> {
    const { acked } = await ask(this.#http, 'POST', `${GROUP_PATH}/ack`, `{"ids":["${ids.join('","')}"]}`)
    return acked
  }

  async counts(): Promise<Counts> {
    const length = await this.length()
    const { entriesRead, pending, lag } = await ask(this.#http, 'GET', GROUP_PATH)
    return { length, entriesRead, pending, lag }
  }

  async length(): Promise<number> {
    const { length } = await ask(this.#http, 'GET', STREAM_PATH)
    return length
  }

  close(): void {
    this.#http.close()
  }

  async #read(consumer: string, count: number, waitMs: number): Promise<string> {
    const request = JSON.stringify({ consumer, count, waitMs })
    const { status, body } = await this.#http.send('POST', `${GROUP_PATH}/read`, request)
    if (status !== 200) throw new Error(`A read was refused: ${status} ${body}`)
    return body
  }
}
