import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, call, until } from '../support/http.ts'
import { rssAnonBytes } from '../support/process-memory.ts'
import { type Weir, weirForTest } from '../support/weir.ts'

const MIB = 1024 ** 2
const LIMIT = 16 * MIB
/** What garbage and the allocator may take in addition to the limit. */
const SLACK = 96 * MIB
const ORDERS = '/v1/streams/orders'
const GROUP = `${ORDERS}/groups/billing`

/** A Weir with small buffers. It has served large requests before, so that its memory grows only by what it holds. */
async function weirAtWork(): Promise<Weir> {
  const weir = await weirForTest({ WEIR_MAX_BUFFERED_BYTES: '16MiB', WEIR_MAX_BUFFERED_SHARE: '100' })
  await ask('PUT', `${weir.url}${GROUP}`, { createStream: true })
  for (let n = 0; n < 3; n++) {
    const [id] = await append(weir, 7 * MIB)
    await ask('GET', `${weir.url}${ORDERS}/entries/${id}`)
  }
  await ask('POST', `${weir.url}${ORDERS}/trim`, { maxLength: 0 })
  return weir
}

async function append(weir: Weir, bytes: number): Promise<string[]> {
  const entries = [{ fields: { note: 'x'.repeat(bytes) } }]
  return (await ask('POST', `${weir.url}${ORDERS}/entries`, { entries })).ids
}

/** Measures the memory repeatedly, until the returned function is called. That function returns the maximum. */
function watchMemory(weir: Weir): () => number {
  let max = rssAnonBytes(weir)
  const measure = () => {
    max = Math.max(max, rssAnonBytes(weir))
  }
  const timer = setInterval(measure, 2)
  return () => {
    measure()
    clearInterval(timer)
    return max
  }
}

function connected(weir: Weir): Socket {
  const socket = connect(weir.port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Sends a request whose answer nobody reads. */
function unread(weir: Weir, path: string, method = 'GET', body = ''): Socket {
  const socket = connected(weir).pause()
  const type = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${type}\r\n${body}`)
  return socket
}

async function metric(weir: Weir, name: string): Promise<number> {
  const text = await (await fetch(`${weir.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

/** How many requests were refused because Weir held too much for its clients. */
async function refusals(weir: Weir): Promise<number> {
  const text = await (await fetch(`${weir.url}/metrics`)).text()
  const lines = [...text.matchAll(/^weir_refusals_total\{code="(?:overloaded|too-many-bytes)"\} (\d+)$/gm)]
  return lines.reduce((sum, [, count]) => sum + Number(count), 0)
}

const COUNT = 60

describe('the memory that Weir takes for its clients is near WEIR_MAX_BUFFERED_BYTES', () => {
  it('with bodies that never arrive completely', async () => {
    const weir = await weirAtWork()
    const before = rssAnonBytes(weir)
    const sockets = Array.from({ length: COUNT }, () => {
      const socket = connected(weir).resume()
      socket.write(`POST ${ORDERS}/entries HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`)
      socket.write(`content-length: ${8 * MIB}\r\n\r\n`)
      return socket
    })
    // All heads arrive before the first body.
    for (let n = 0; n < 10; n++) await call('GET', `${weir.url}/livez`)
    const piece = Buffer.alloc(8 * MIB - 10, ' ')
    for (const socket of sockets) socket.write(piece)
    await until(async () => (await refusals(weir)) === COUNT - 1)
    await append(weir, 1000)
    expect(await metric(weir, 'weir_buffered_bytes')).toBeLessThanOrEqual(LIMIT)
    expect(rssAnonBytes(weir) - before).toBeLessThan(LIMIT + SLACK)
  })

  it.each([
    ['entries', '/entries'],
    ['one entry', '/entries/{id}'],
    ['a stream', ''],
    ['a stream in full', '/full']
  ])('with answers that nobody reads: %s', async (_, path) => {
    const weir = await weirAtWork()
    const [id = ''] = await append(weir, 7 * MIB)
    await ask('POST', `${weir.url}${GROUP}/read`, { consumer: 'ann' })
    const before = rssAnonBytes(weir)
    for (let n = 0; n < COUNT; n++) unread(weir, `${ORDERS}${path.replace('{id}', id)}`)
    await until(async () => (await refusals(weir)) >= COUNT - 2)
    expect(await metric(weir, 'weir_buffered_bytes')).toBeGreaterThan(7 * MIB)
    expect(rssAnonBytes(weir) - before).toBeLessThan(LIMIT + SLACK)
    expect(await ask('POST', `${weir.url}${GROUP}/ack`, { ids: [id] })).toMatchObject({ acked: 1 })
  })

  it('with many readers that wait for the same large entry, and each of them gets it', async () => {
    const weir = await weirAtWork()
    const body = JSON.stringify({ streams: [{ stream: 'orders', after: 'last' }], waitMs: 60_000 })
    let received = 0
    for (let n = 0; n < COUNT; n++) {
      const socket = unread(weir, '/v1/read', 'POST', body)
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes > 7 * MIB && bytes - chunk.length <= 7 * MIB) received++
      })
      socket.resume()
    }
    await until(async () => (await metric(weir, 'weir_readers_waiting')) === COUNT)
    const before = rssAnonBytes(weir)
    const stopWatching = watchMemory(weir)
    await append(weir, 7 * MIB)
    expect(await call('GET', `${weir.url}/livez`)).toMatchObject({ status: 200 })
    await until(async () => received === COUNT)
    expect(stopWatching() - before).toBeLessThan(LIMIT + SLACK)
  })

  it('with waiting reads that had large bodies', async () => {
    const weir = await weirAtWork()
    const body = JSON.stringify({ streams: [{ stream: 'orders', after: 'last' }], waitMs: 60_000 })
    const padded = body.padStart(7 * MIB)
    const before = rssAnonBytes(weir)
    for (let n = 1; n <= 17; n++) {
      unread(weir, '/v1/read', 'POST', padded)
      await until(async () => (await metric(weir, 'weir_readers_waiting')) === n)
    }
    expect(await metric(weir, 'weir_buffered_bytes')).toBe(0)
    expect(rssAnonBytes(weir) - before).toBeLessThan(LIMIT + SLACK)
    await append(weir, 7 * MIB)
  })
})
