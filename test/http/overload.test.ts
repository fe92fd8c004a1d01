import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_LIMITS } from '../../src/http/limits/load.ts'
import { Connection, type RawAnswer } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const READ = `${STREAM}/groups/billing/read`
const PLACES = 50
/** Four for each place. Each sends its next request when it has the answer to the one before. */
const CROWD = 4 * PLACES
const REQUESTS = 5
const READERS = 5
const READ_ENTRIES = 5
const ENTRIES = { entries: [{ fields: { order: '1001', note: 'x'.repeat(2000) } }] }
const BODY_BYTES = JSON.stringify(ENTRIES).length

/** Sends requests on one connection after the other: whoever is refused before their body has come loses theirs. */
class Client {
  readonly #url: string
  #connection: Connection

  constructor(url: string) {
    this.#url = url
    this.#connection = new Connection(url)
    onTestFinished(() => {
      this.#connection.socket.destroy()
    })
  }

  async post(path: string, body: unknown): Promise<RawAnswer | null> {
    this.#connection.request('POST', path, body)
    const answer = await this.#connection.answer()
    if (answer?.headers['connection'] === 'close') this.#connection = new Connection(this.#url)
    return answer
  }
}

/** What the crowd is answered, and how much the server had taken on at most while it went on. */
async function stormed({ send }: TestServer, url: string) {
  const answers: (RawAnswer | null)[] = []
  const most = { inFlight: 0, bytes: 0 }
  const look = async () => {
    const { body } = await send('GET', '/metrics')
    const told = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(body)?.[1])
    most.inFlight = Math.max(most.inFlight, told('weir_requests_in_flight'))
    most.bytes = Math.max(most.bytes, told('weir_buffered_bytes'))
  }
  const storm = async (client: Client) => {
    for (let n = 0; n < REQUESTS; n++) {
      answers.push(await client.post(`${STREAM}/entries`, ENTRIES))
      if (answers.length % 100 === 0) await look()
    }
  }
  await Promise.all(Array.from({ length: CROWD }, () => storm(new Client(url))))

  return { answers, most }
}

/** Readers that read again and again until they were told to stop, and how much each was given. */
function readers(url: string, isOver: () => boolean): { given: number[]; done: Promise<unknown> } {
  const given = Array.from({ length: READERS }, () => 0)
  const read = async (reader: number) => {
    const client = new Client(url)
    while (!isOver()) {
      const answer = await client.post(READ, {
        consumer: `c${reader}`,
        count: READ_ENTRIES,
        waitMs: 60_000,
        noAck: true
      })
      if (answer === null) return
      given[reader] = (given[reader] ?? 0) + (answer.body.entries?.length ?? 0)
    }
  }
  return { given, done: Promise.all(given.map((_, reader) => read(reader))) }
}

describe('four times as many requests as there is room for', () => {
  it.each([
    ['places', { maxInFlight: PLACES }],
    ['bytes', { maxBufferedBytes: 2 * READ_ENTRIES * BODY_BYTES }]
  ])('are served as far as there are %s, and readers that wait get all of it', async (_, limit) => {
    const limits = { ...NO_LIMITS, ...limit }
    const server = await serverForTest({ limits })
    await server.send('PUT', `${STREAM}/groups/billing`, { createStream: true })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    let isOver = false
    const { given, done } = readers(url, () => isOver)
    await until(async () => (await server.engine.status()).waiting === READERS)

    const { answers, most } = await stormed(server, url)
    const served = answers.filter((answer) => answer?.status === 201)
    const refused = answers.filter((answer) => answer?.status !== 201)
    expect(answers).toHaveLength(CROWD * REQUESTS)
    expect(served.length).toBeGreaterThanOrEqual(PLACES)
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded', sideEffects: 'none' } })
      expect(answer?.headers['retry-after']).toBe('1')
    }
    expect(most.inFlight).toBeLessThanOrEqual(limits.maxInFlight)
    // Of those whose head has come while there was room, the bodies may come as well.
    expect(most.bytes).toBeLessThan(CROWD * BODY_BYTES)

    const all = () => given.reduce((sum, entries) => sum + entries, 0)
    await until(async () => all() === served.length)
    expect(Math.min(...given)).toBeGreaterThan(0)
    expect((await server.engine.getStream({ stream: 'orders' })).entriesAdded).toBe(served.length)
    isOver = true
    server.engine.drain()
    await done
    await until(async () => /^weir_buffered_bytes 0$/m.test((await server.send('GET', '/metrics')).body))
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
  })
})
