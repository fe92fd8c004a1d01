import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../load/free-port.ts'
import { delivered, idsOf, LONG_MS, parked } from '../conformance/fixtures.ts'
import { append, list, makeGroup, read } from '../conformance/requests.ts'
import { until } from '../support/http.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { temporaryDirectory } from '../support/weir.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }

describeOnServer('the Redis engine behind Sentinel', ({ program }) => {
  it('follows the master to another server, and still serves waiting readers', async () => {
    const master = await redisForTest()
    const replica = await redisForTest({ args: ['--replicaof', `127.0.0.1 ${master.port}`] })
    const port = await startSentinel(program, master)
    const engine = await engineForTest(`redis-sentinel://127.0.0.1:${port}/orders`)
    await append(engine, orders, '1-0')
    await makeGroup(engine, billing, { after: 'last' })
    await until(async () => (await replica.command('XLEN', 'orders')) === 1)
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    await master.kill()
    const appended = () => append(engine, orders, '2-0').catch(() => undefined)
    expect(await until(appended)).toEqual(['2-0'])
    expect(await answer).toEqual([delivered('2-0')])
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', '2-0'])
    expect(await replica.command('XLEN', 'orders')).toBe(2)
    expect((await engine.status()).servers).toMatchObject([{ address: `redis://127.0.0.1:${replica.port}` }])
  })
})

/** Starts a sentinel that decides alone and fast. Returns its port. */
async function startSentinel(program: string, master: RedisServer): Promise<number> {
  const port = await freePort()
  const directory = await temporaryDirectory()
  const file = join(directory, 'sentinel.conf')
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `sentinel monitor orders 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds orders 500',
    'sentinel failover-timeout orders 3000'
  ]
  await writeFile(file, settings.join('\n'))
  const sentinel = spawn(program, [file, '--sentinel'], { stdio: 'ignore' })
  onTestFinished(async () => {
    const exited = once(sentinel, 'exit')
    sentinel.kill('SIGKILL')
    await exited
  })
  const client = await until(() => connectTo(port).catch(() => undefined))
  await until(async () =>
    String(await client.sendCommand(['SENTINEL', 'REPLICAS', 'orders'])).includes('name')
  )
  client.destroy()
  return port
}

async function connectTo(port: number) {
  const { createClient } = await import('redis')
  const client = createClient({
    url: `redis://127.0.0.1:${port}`,
    RESP: 2,
    socket: { reconnectStrategy: false }
  })
  client.on('error', () => {})
  await client.connect()
  return client
}
