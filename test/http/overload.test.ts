import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_LIMITS } from '../../src/http/limits/load.ts'
import { Connection, type RawAnswer } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const READ = `${STREAM}/groups/billing/read`
const SLOTS = 50
/** Four clients for each slot. Each sends its next request after the answer to the one before. */
const CROWD = 4 * SLOTS
const REQUESTS = 5
const READERS = 5
const READ_ENTRIES = 5
const ENTRIES = { entries: [{ fields: { order: '1001', note: 'x'.repeat(2000) } }] }
const BODY_BYTES = JSON.stringify(ENTRIES).length

/**
 * Sends requests on one connection, and on a new one when the server has closed it: it closes the connection of a client
 * that is refused before its body has arrived.
 */
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

/** Lets the crowd send its requests. Returns the answers, and the maximum load that the metrics showed meanwhile. */
async function storm({ send }: TestServer, url: string) {
  const answers: (RawAnswer | null)[] = []
  const maximum = { inFlight: 0, bytes: 0 }
  const poll = async () => {
    const { body } = await send('GET', '/metrics')
    const gauge = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(body)?.[1])
    maximum.inFlight = Math.max(maximum.inFlight, gauge('weir_requests_in_flight'))
    maximum.bytes = Math.max(maximum.bytes, gauge('weir_buffered_bytes'))
  }
  const sendAll = async (client: Client) => {
    for (let n = 0; n < REQUESTS; n++) {
      answers.push(await client.post(`${STREAM}/entries`, ENTRIES))
      if (answers.length % 100 === 0) await poll()
    }
  }
  await Promise.all(Array.from({ length: CROWD }, () => sendAll(new Client(url))))

  return { answers, maximum }
}

/** Readers that read until `isOver`, and how many entries each has received. */
function readers(url: string, isOver: () => boolean): { received: number[]; done: Promise<unknown> } {
  const received = Array.from({ length: READERS }, () => 0)
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
      received[reader] = (received[reader] ?? 0) + (answer.body.entries?.length ?? 0)
    }
  }
  return { received, done: Promise.all(received.map((_, reader) => read(reader))) }
}

describe('four times as many requests as the server accepts', () => {
  it.each([
    ['requests in flight', { maxInFlight: SLOTS }],
    ['buffered bytes', { maxBufferedBytes: 2 * READ_ENTRIES * BODY_BYTES }]
  ])('are served up to the limit on %s, and waiting readers get all of their entries', async (_, limit) => {
    const limits = { ...NO_LIMITS, ...limit }
    const server = await serverForTest({ limits })
    await server.send('PUT', `${STREAM}/groups/billing`, { createStream: true })
    const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
    let isOver = false
    const { received, done } = readers(url, () => isOver)
    await until(async () => (await server.engine.status()).waiting === READERS)

    const { answers, maximum } = await storm(server, url)
    const served = answers.filter((answer) => answer?.status === 201)
    const refused = answers.filter((answer) => answer?.status !== 201)
    expect(answers).toHaveLength(CROWD * REQUESTS)
    expect(served.length).toBeGreaterThanOrEqual(SLOTS)
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'overloaded', sideEffects: 'none' } })
      expect(answer?.headers['retry-after']).toBe('1')
    }
    expect(maximum.inFlight).toBeLessThanOrEqual(limits.maxInFlight)
    // A request whose head arrived below the limit may send its body as well.
    expect(maximum.bytes).toBeLessThan(CROWD * BODY_BYTES)

    const total = () => received.reduce((sum, entries) => sum + entries, 0)
    await until(async () => total() === served.length)
    expect(Math.min(...received)).toBeGreaterThan(0)
    expect((await server.engine.getStream({ stream: 'orders' })).entriesAdded).toBe(served.length)
    isOver = true
    server.engine.drain()
    await done
    await until(async () => /^weir_buffered_bytes 0$/m.test((await server.send('GET', '/metrics')).body))
    expect((await server.send('POST', `${STREAM}/entries`, ENTRIES)).status).toBe(201)
  })
})
