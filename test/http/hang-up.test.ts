import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, stat } from 'node:fs'
import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Connection, connectionForTest } from '../support/connection.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`

describe('a consumer that hangs up', () => {
  it('while it waits leaves the next entry to the next reader', async () => {
    const server = await billing()
    const ann = await waiting(server, 'ann')
    const bob = await waiting(server, 'bob')
    ann.socket.destroy()
    await until(async () => (await server.engine.status()).waiting === 1)
    await append(server, 1)
    expect((await bob.answer())?.body.entries).toMatchObject([{ deliveries: 1 }])
    expect(await pendingOf(server)).toEqual([{ name: 'bob', count: 1 }])
  })

  it('while many of its requests wait on one connection ends all of them', async () => {
    const server = await billing()
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const ann = connect(server)
    // More listeners than Node allows before it warns of a leak.
    for (let sent = 0; sent < 20; sent++) {
      ann.request('POST', `${GROUP}/read`, { consumer: 'ann', count: 1, waitMs: 60_000 })
    }
    await until(async () => (await server.engine.status()).waiting === 20)
    ann.socket.destroy()
    await until(async () => (await server.engine.status()).waiting === 0)
    await append(server, 1)
    await expectTaken(server, 1)
    expect(warnings).toEqual([])
  })

  it('by half closing the connection ends its long poll', async () => {
    const server = await billing()
    const ann = await waiting(server, 'ann')
    ann.socket.end()
    await until(async () => (await server.engine.status()).waiting === 0)
  })

  it('at the moment an entry arrives leaves it to the next reader', async () => {
    const server = await billing()
    for (let round = 0; round < 100; round++) {
      const ann = await waiting(server, 'ann')
      const appended = append(server, 1)
      ann.socket.destroy()
      await appended
      await expectTaken(server, 1)
    }
  })

  // Only Linux shows without a turn of the event loop whether a process is dead.
  it.skipIf(process.platform !== 'linux')(
    'by dying just before it is answered leaves its entries to the next reader',
    async () => {
      const server = await billing()
      for (let round = 0; round < 5; round++) {
        const readers = await waitingProcess(server, 20)
        const exited = once(readers, 'exit')
        // In a callback of the poll phase, so that the server answers before it notices that its readers are dead.
        await new Promise<void>((resolve, reject) =>
          stat('/', () => {
            killNow(readers)
            append(server, 20).then(resolve, reject)
          })
        )
        await exited
        await expectTaken(server, 20)
      }
    }
  )

  it('with a reset before its next request counts as not having read the answer', async () => {
    const server = await billing()
    const ann = await waiting(server, 'ann')
    await append(server, 1)
    await ann.answer()
    ann.socket.resetAndDestroy()
    await expectTaken(server, 1)
    expect(await undone(server)).toBe(1)
  })

  it('with a reset after its next request keeps its entries', async () => {
    const server = await billing()
    const ann = await waiting(server, 'ann')
    await append(server, 1)
    await ann.answer()
    ann.request('GET', '/livez')
    await ann.answer()
    ann.socket.resetAndDestroy()
    await noConnections(server)
    expect(await pendingOf(server)).toEqual([{ name: 'ann', count: 1 }])
  })

  it.each(['end', 'destroy', 'exit'])(
    'with %s after it has read its answer keeps its entries',
    async (end) => {
      const server = await billing()
      const readers = await waitingProcess(server, 20, end)
      const exited = once(readers, 'exit')
      await append(server, 20)
      await exited
      await noConnections(server)
      const counts = (await pendingOf(server)).map(({ count }: { count: number }) => count)
      expect(counts).toEqual(Array.from({ length: 20 }, () => 1))
      expect(await undone(server)).toBe(0)
    }
  )

  it('after an answer that ended the connection keeps its entries', async () => {
    const server = await billing()
    const ann = await waiting(server, 'ann', { connection: 'close' })
    await append(server, 1)
    const answer = await ann.answer()
    expect(answer?.headers['connection']).toBe('close')
    await ann.closed()
    await noConnections(server)
    expect(await pendingOf(server)).toEqual([{ name: 'ann', count: 1 }])
  })
})

describe('a consumer that pipelines several reads', () => {
  const read = { consumer: 'ann', count: 1 }

  it('leaves all of their entries to others when it resets the connection without reading', async () => {
    const server = await billing()
    await append(server, 5)
    const ann = connect(server)
    ann.socket.pause()
    sendAtOnce(ann, 5, read)
    await answered(server, 5)
    ann.socket.resetAndDestroy()
    await expectTaken(server, 5)
    expect(await undone(server)).toBe(5)
  })

  it('leaves all of their entries to others when it closes the connection without reading', async () => {
    const server = await billing()
    await append(server, 5)
    const ann = connect(server)
    await once(ann.socket, 'connect')
    readNothing(ann.socket)
    sendAtOnce(ann, 5, read)
    await answered(server, 5)
    ann.socket.destroy()
    await expectTaken(server, 5)
  })

  it('keeps the entries that it had read before its next request', async () => {
    const server = await billing()
    await append(server, 5)
    const ann = connect(server)
    sendAtOnce(ann, 3, read)
    for (let n = 0; n < 3; n++) await ann.answer()
    ann.socket.pause()
    sendAtOnce(ann, 2, read)
    await answered(server, 5)
    ann.socket.resetAndDestroy()
    await expectTaken(server, 2)
    expect(await pendingOf(server)).toEqual([{ name: 'ann', count: 3 }])
  })

  it('does not prove that it read an answer by a request that it began before that answer', async () => {
    const server = await billing()
    await append(server, 1)
    const ann = connect(server)
    const { port } = new URL(server.url)
    ann.socket.cork()
    ann.request('POST', `${GROUP}/read`, read)
    ann.socket.write('GET /livez HTTP/1.1\r\nho')
    ann.socket.uncork()
    await answered(server, 1)
    ann.socket.write(`st: 127.0.0.1:${port}\r\n\r\n`)
    await measured(server, 'getLiveness', 1)
    ann.socket.resetAndDestroy()
    await expectTaken(server, 1)
    expect(await undone(server)).toBe(1)
  })

  it('returns an entry that it claimed in several of them to its owner unchanged', async () => {
    const server = await billing()
    await append(server, 1)
    await server.send('POST', `${GROUP}/read`, { consumer: 'bob', count: 1 })
    const ann = connect(server)
    ann.socket.pause()
    sendAtOnce(ann, 3, { ...read, claimIdleMs: 0 })
    await answered(server, 4)
    ann.socket.resetAndDestroy()
    await until(async () => (await undone(server)) === 3)
    await until(async () => (await pendingOf(server))[0].name === 'bob')
    const { body } = await server.send('GET', `${GROUP}/pending`)
    expect(body.pending).toMatchObject([{ consumer: 'bob', deliveries: 1 }])
  })

  it('is refused more than 100 reads whose answers are not proven to be read', async () => {
    const server = await billing()
    await append(server, 102)
    const ann = connect(server)
    sendAtOnce(ann, 101, read)
    const statuses: (number | undefined)[] = []
    for (let n = 0; n < 101; n++) statuses.push((await ann.answer())?.status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
    ann.request('POST', `${GROUP}/read`, read)
    expect((await ann.answer())?.body.entries).toHaveLength(1)
    expect(await pendingOf(server)).toEqual([{ name: 'ann', count: 101 }])
  })
})

describe('a reader of streams that hangs up', () => {
  it.each([
    ['GET', `${STREAM}/entries?after=last&waitMs=60000`, undefined],
    ['POST', '/v1/read', { streams: [{ stream: 'orders', after: 'last' }], waitMs: 60_000 }]
  ])('ends its long poll: %s %s', async (method, path, body) => {
    const server = await billing()
    const connection = connect(server)
    connection.request(method, path, body)
    await until(async () => (await server.engine.status()).waiting === 1)
    connection.socket.destroy()
    await until(async () => (await server.engine.status()).waiting === 0)
  })
})

type Listening = TestServer & { readonly url: string }

/** A listening server with a group that has nothing to read. */
async function billing(): Promise<Listening> {
  const server = await serverForTest()
  await server.send('PUT', GROUP, { createStream: true })
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 })
  return { ...server, url }
}

/**
 * Leaves received bytes in the kernel. A paused socket still fills its own buffer, and the kernel counts those bytes as
 * read. It then closes the connection with a FIN, as if the answers had been read.
 */
function readNothing(socket: Socket): void {
  ;(socket as unknown as { _handle: { readStop(): void } })._handle.readStop()
}

function connect({ url }: Listening): Connection {
  return connectionForTest(url)
}

/** A connection on which a consumer waits for an entry. */
async function waiting(server: Listening, consumer: string, headers = {}): Promise<Connection> {
  const connection = connect(server)
  const before = (await server.engine.status()).waiting
  connection.request('POST', `${GROUP}/read`, { consumer, count: 1, waitMs: 60_000 }, headers)
  await until(async () => (await server.engine.status()).waiting === before + 1)
  return connection
}

/** Sends reads that arrive together. */
function sendAtOnce(connection: Connection, count: number, body: unknown): void {
  connection.socket.cork()
  for (let sent = 0; sent < count; sent++) connection.request('POST', `${GROUP}/read`, body)
  connection.socket.uncork()
}

/** Resolves when the kernel has taken the answers to `count` reads. */
function answered(server: Listening, count: number): Promise<void> {
  return measured(server, 'readGroup', count)
}

async function measured({ metrics }: Listening, operation: string, count: number): Promise<void> {
  const line = `weir_request_duration_seconds_count{operation="${operation}",status="200"} ${count}\n`
  await until(async () => (await metrics.text()).includes(line))
}

/** A process in which `count` consumers wait for an entry each. */
async function waitingProcess(
  { url, engine }: Listening,
  count: number,
  end = 'wait'
): Promise<ChildProcess> {
  const program = new URL('../support/waiting-readers.js', import.meta.url).pathname
  const child = spawn(process.execPath, [program, new URL(url).port, `${count}`, end], { stdio: 'inherit' })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await until(async () => (await engine.status()).waiting === count)
  return child
}

/** Kills the process, and blocks the event loop until it is dead. */
function killNow(child: ChildProcess): void {
  child.kill('SIGKILL')
  while (!/\) [ZX] /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')));
}

async function append({ engine }: Listening, count: number): Promise<void> {
  const fields = Buffer.from('{"order":"1001"}')
  const entries = Array.from({ length: count }, () => ({ fields }))
  await engine.appendEntries({ stream: 'orders', createStream: false, entries })
}

/** Expects that another reader gets `count` entries without claiming them, as first deliveries. */
async function expectTaken({ send }: Listening, count: number): Promise<void> {
  const taken: { id: string; deliveries: number }[] = []
  while (taken.length < count) {
    const { body } = await send('POST', `${GROUP}/read`, { consumer: 'last', count: 1000, waitMs: 10_000 })
    if (body.entries.length === 0) break
    taken.push(...body.entries)
  }
  expect(taken.map(({ deliveries }) => deliveries)).toEqual(Array.from({ length: count }, () => 1))
  const ids = taken.map(({ id }) => id)
  expect((await send('POST', `${GROUP}/ack`, { ids, consumer: 'last' })).body.acked).toBe(count)
}

async function pendingOf({ send }: Listening) {
  return (await send('GET', `${GROUP}/pending/summary`)).body.consumers
}

async function undone({ metrics }: Listening): Promise<number> {
  return Number(/^weir_deliveries_undone_total (\d+)$/m.exec(await metrics.text())?.[1])
}

async function noConnections({ app }: Listening): Promise<void> {
  await until(
    () =>
      new Promise<boolean>((resolve, reject) => {
        app.server.getConnections((error, count) => (error ? reject(error) : resolve(count === 0)))
      })
  )
}
