import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { ask, until } from '../support/http.ts'
import { type Weir, weirForTest } from '../support/weir.ts'

const CONNECTIONS = 10_000
/** As many as the kernel lets wait to be accepted; it lets one more wait than it says. */
const AT_ONCE = Math.min(2000, Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')))
const ORDERS = '/v1/streams/orders'

async function connections(weir: Weir, count: number): Promise<Connection[]> {
  const made = Array.from({ length: count }, () => new Connection(weir.url))
  onTestFinished(() => {
    for (const { socket } of made) socket.destroy()
  })
  await Promise.all(made.map(({ socket }) => once(socket, 'connect')))
  return made
}

/** A number of the metrics. */
async function told(weir: Weir, name: string): Promise<number> {
  const text = await (await fetch(`${weir.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

it('10,000 connections that say nothing take little, leave Weir as it is for others, and go when it closes', async () => {
  const weir = await weirForTest()
  const entries = [{ fields: { order: '1001' } }]
  await ask('POST', `${weir.url}${ORDERS}/entries`, { entries })
  await ask('PUT', `${weir.url}${ORDERS}/groups/billing`, { after: 'last' })
  const before = await told(weir, 'process_resident_memory_bytes')

  const idle: Connection[] = []
  while (idle.length < CONNECTIONS) idle.push(...(await connections(weir, AT_ONCE)))
  await until(async () => (await told(weir, 'process_open_fds')) > CONNECTIONS)
  const read = ask('POST', `${weir.url}${ORDERS}/groups/billing/read`, { consumer: 'ann', waitMs: 60_000 })
  await until(async () => (await told(weir, 'weir_readers_waiting')) === 1)
  await ask('POST', `${weir.url}${ORDERS}/entries`, { entries })
  expect((await read).entries).toHaveLength(1)
  expect((await told(weir, 'process_resident_memory_bytes')) - before).toBeLessThan(CONNECTIONS * 20 * 1024)

  for (const connection of idle.slice(0, 10)) {
    connection.request('GET', '/livez')
    expect((await connection.answer())?.status).toBe(200)
  }
  const gone = idle.map((connection) => connection.closed())
  expect(await weir.stop('SIGTERM')).toBe(0)
  await Promise.all(gone)
})

it('a crowd that comes while Weir is busy is let in as soon as it is not, and nobody has to come again', async () => {
  // Node's default would let 511 wait.
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
