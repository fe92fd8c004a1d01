import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { ask, readersWaiting } from '../support/http.ts'
import { rssAnonBytes } from '../support/process-memory.ts'
import { weirForTest } from '../support/weir.ts'

const MIB = 1024 * 1024

// Only Linux reports the memory of a process without the files that it maps.
describe.skipIf(process.platform !== 'linux')('readers that wait at many streams each', () => {
  it('take no more memory than WEIR_MAX_WAITING_PLACES allows', async () => {
    const streams = 1000
    const readers = 300
    const allowed = 10
    const weir = await weirForTest({ WEIR_MAX_WAITING_PLACES: `${allowed * streams}` })
    const places = Array.from({ length: streams }, (_, index) => ({
      stream: `orders-${index}`,
      after: 'last'
    }))
    for (const { stream } of places) await ask('PUT', `${weir.url}/v1/streams/${stream}`)
    const before = rssAnonBytes(weir)

    const connections = Array.from({ length: readers }, () => {
      const connection = new Connection(weir.url)
      connection.request('POST', '/v1/read', { streams: places, waitMs: 60_000 })
      return connection
    })
    onTestFinished(() => {
      for (const { socket } of connections) socket.destroy()
    })
    const refused: unknown[] = []
    for (const connection of connections) {
      connection.answer().then(
        (answer) => refused.push(answer?.body.code),
        () => {}
      )
    }
    await expect.poll(() => refused.length).toBe(readers - allowed)
    expect(new Set(refused)).toEqual(new Set(['too-many-waiting']))
    expect(await readersWaiting(weir.url)).toBe(allowed)
    // All readers would take 70 MiB. Refusing them leaves garbage that stays for a while.
    expect(rssAnonBytes(weir) - before).toBeLessThan(48 * MIB)
  })
})

describe.skipIf(process.platform !== 'linux')('tails whose clients never read', () => {
  const LIMITS = { WEIR_MAX_BUFFERED_BYTES: '10MiB', WEIR_MAX_IN_FLIGHT: '5' }

  it('count as waiting readers while they write, and those beyond the limit are refused', async () => {
    const weir = await weirForTest({ ...LIMITS, WEIR_MAX_WAITING: '5' })
    await fill(`${weir.url}/v1/streams/orders`, { entries: 8, bytes: 4 * MIB })
    const before = rssAnonBytes(weir)
    const tails = Array.from({ length: 40 }, () => stalledTail(weir.url))
    const heads = await Promise.all(tails.map(({ head }) => head))
    expect(heads.filter((status) => status === 200)).toHaveLength(5)
    expect(heads.filter((status) => status === 429)).toHaveLength(35)
    await expect.poll(() => gauge(weir.url, 'weir_buffered_bytes')).toBeGreaterThan(0)
    expect(await gauge(weir.url, 'weir_buffered_bytes')).toBeLessThanOrEqual(10 * MIB)
    expect(await readersWaiting(weir.url)).toBe(5)
    // Each tail holds at most one page.
    expect(rssAnonBytes(weir) - before).toBeLessThan(96 * MIB)
    for (const { socket } of tails) socket.destroy()
    await expect.poll(() => gauge(weir.url, 'weir_readers_waiting')).toBe(0)
    await expect.poll(() => gauge(weir.url, 'weir_buffered_bytes')).toBe(0)
  })

  it('hold no more than WEIR_MAX_BUFFERED_BYTES, however many they are', async () => {
    const weir = await weirForTest(LIMITS)
    await fill(`${weir.url}/v1/streams/orders`, { entries: 8, bytes: 4 * MIB })
    const before = rssAnonBytes(weir)
    const tails = Array.from({ length: 40 }, () => stalledTail(weir.url))
    expect(new Set(await Promise.all(tails.map(({ head }) => head)))).toEqual(new Set([200]))
    await expect.poll(() => gauge(weir.url, 'weir_buffered_bytes')).toBeGreaterThan(0)
    expect(await readersWaiting(weir.url)).toBe(40)
    expect(rssAnonBytes(weir) - before).toBeLessThan(128 * MIB)
    // The other tails end, and the one whose client reads gets everything.
    const [first] = tails
    for (const { socket } of tails.slice(1)) socket.destroy()
    first?.socket.resume()
    // The first bytes arrived with the head.
    await expect.poll(() => first?.socket.bytesRead).toBeGreaterThan(8 * 4 * MIB)
  })
})

async function fill(stream: string, { entries, bytes }: { entries: number; bytes: number }): Promise<void> {
  const note = 'x'.repeat(bytes)
  for (let n = 0; n < entries; n++)
    await ask('POST', `${stream}/entries`, { entries: [{ fields: { note } }] })
}

/** A tail whose client reads only the head. */
function stalledTail(url: string): { socket: Socket; head: Promise<number> } {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.write('GET /v1/streams/orders/tail HTTP/1.1\r\nhost: localhost\r\n\r\n')
  const head = once(socket, 'data').then(([chunk]) => {
    socket.pause()
    return Number(String(chunk).split(' ')[1])
  })
  return { socket, head }
}

async function gauge(url: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1])
}
