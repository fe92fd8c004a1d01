import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { ask, until } from '../support/http.ts'
import { type Weir, weirForTest } from '../support/weir.ts'

const CONNECTIONS = 10_000
/** How many connections the kernel queues until they are accepted. In fact it queues one more. */
const AT_ONCE = Math.min(2000, Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')))
const ORDERS = '/v1/streams/orders'

async function connections(weir: Weir, count: number): Promise<Connection[]> {
  const opened = Array.from({ length: count }, () => new Connection(weir.url))
  onTestFinished(() => {
    for (const { socket } of opened) socket.destroy()
  })
  await Promise.all(opened.map(({ socket }) => once(socket, 'connect')))
  return opened
}

/** The value of a metric. */
async function metric(weir: Weir, name: string): Promise<number> {
  const text = await (await fetch(`${weir.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

it('10,000 idle connections take little memory, do not disturb other clients, and end when Weir closes', async () => {
  const weir = await weirForTest()
  const entries = [{ fields: { order: '1001' } }]
  await ask('POST', `${weir.url}${ORDERS}/entries`, { entries })
  await ask('PUT', `${weir.url}${ORDERS}/groups/billing`, { after: 'last' })
  const before = await metric(weir, 'process_resident_memory_bytes')

  const idle: Connection[] = []
  while (idle.length < CONNECTIONS) idle.push(...(await connections(weir, AT_ONCE)))
  await until(async () => (await metric(weir, 'process_open_fds')) > CONNECTIONS)
  const read = ask('POST', `${weir.url}${ORDERS}/groups/billing/read`, { consumer: 'ann', waitMs: 60_000 })
  await until(async () => (await metric(weir, 'weir_readers_waiting')) === 1)
  await ask('POST', `${weir.url}${ORDERS}/entries`, { entries })
  expect((await read).entries).toHaveLength(1)
  expect((await metric(weir, 'process_resident_memory_bytes')) - before).toBeLessThan(CONNECTIONS * 20 * 1024)

  for (const connection of idle.slice(0, 10)) {
    connection.request('GET', '/livez')
    expect((await connection.answer())?.status).toBe(200)
  }
  const closed = idle.map((connection) => connection.closed())
  expect(await weir.stop('SIGTERM')).toBe(0)
  await Promise.all(closed)
})

it('clients that connect while Weir is busy are all accepted as soon as it is not', async () => {
  // With Node's default, only 511 would be queued.
  expect(AT_ONCE).toBeGreaterThan(1000)
  const weir = await weirForTest()
  weir.process.kill('SIGSTOP')
  onTestFinished(() => void weir.process.kill('SIGCONT'))
  const crowd = await connections(weir, AT_ONCE)
  for (const connection of crowd) connection.request('GET', '/livez')
  weir.process.kill('SIGCONT')
  const answers = await Promise.all(crowd.map((connection) => connection.answer()))
  expect(answers.filter((answer) => answer?.status !== 200)).toEqual([])
})
