import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import { appendBody, type Counts, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { requestJson } from '../request-json.ts'
import { verify } from '../verify.ts'
import type { Client, Delivered } from './client.ts'
import { LeanClient } from './lean-client.ts'

interface EntryAnswer {
  readonly id: string
  readonly fields: { readonly number: string }
}

/** The text before the id of an entry in an answer. */
const BEFORE_ID = '{"id":"'

/** A client of Weir, and of every contender with the same routes. */
export class HttpClient implements Client {
  readonly #http: LeanClient
  /** The body of the last append, to reuse if the next one is the same. */
  #last: { readonly first: number; readonly entries: number; readonly body: string } | undefined

  readonly #delivery: DeliveryPolicy | undefined

  /** `delivery`: the delivery policy of the group. Default: none. */
  constructor(port: number, delivery?: DeliveryPolicy) {
    this.#http = new LeanClient(port)
    this.#delivery = delivery
  }

  async open(): Promise<void> {
    const delivery = this.#delivery
    const request = JSON.stringify({ createStream: true, delivery })
    const group = await requestJson(this.#http, 'PUT', GROUP_PATH, request)
    // Otherwise, a server that ignores the policy would be measured without one.
    if (delivery !== undefined)
      verify('the group has its delivery policy.', { delivery: group.delivery }, { delivery })
  }

  async append(first: number, entries: number): Promise<void> {
    if (this.#last?.first !== first || this.#last.entries !== entries)
      this.#last = { first, entries, body: appendBody(first, entries) }
    const { status, body } = await this.#http.send('POST', `${STREAM_PATH}/entries`, this.#last.body)
    if (status !== 201) throw new Error(`An append was refused: ${status} ${body}`)
  }

  async read(consumer: string, count: number, waitMs: number): Promise<Delivered[]> {
    const { entries } = JSON.parse(await this.#read(consumer, count, waitMs))
    return (entries as EntryAnswer[]).map(({ id, fields }) => ({ id, number: Number(fields.number) }))
  }

  /** Searches the text instead of parsing it, because this process shares the machine's processors with the server. */
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
    const { acked } = await requestJson(
      this.#http,
      'POST',
      `${GROUP_PATH}/ack`,
      `{"ids":["${ids.join('","')}"]}`
    )
    return acked
  }

  async counts(): Promise<Counts> {
    const length = await this.length()
    const { entriesRead, pending, lag } = await requestJson(this.#http, 'GET', GROUP_PATH)
    return { length, entriesRead, pending, lag }
  }

  async length(): Promise<number> {
    const { length } = await requestJson(this.#http, 'GET', STREAM_PATH)
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
