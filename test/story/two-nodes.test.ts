import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../load/free-port.ts'
import { balancerForTest } from '../support/balancer.ts'
import { ask, call, until } from '../support/http.ts'
import { redisForTest } from '../support/redis-engine.ts'
import { hasRedis } from '../support/server-programs.ts'
import { killWhileHolding, logLines, start, workOf } from '../support/story.ts'
import { startWeir, temporaryDirectory, type Weir } from '../support/weir.ts'

describe.runIf(hasRedis())('two Weir nodes on one Redis', () => {
  it('have every line processed although a worker, one node and Redis are killed', async () => {
    const directory = await temporaryDirectory()
    const lines = logLines()
    const file = join(directory, 'lines')
    await writeFile(file, lines.join('\n'))
    const settings = {
      directory: await temporaryDirectory(),
      args: ['--appendonly', 'yes', '--appendfsync', 'always']
    }
    const redis = await redisForTest(settings)
    const environment = { WEIR_ENGINE: 'redis', WEIR_REDIS_URL: redis.url }
    const nodes = [await startWeir(environment), await startWeir(environment)]
    onTestFinished(() => stop(nodes))
    const url = await balancerForTest(nodes.map(({ port }) => port))
    const stream = `${url}/v1/streams/packages`
    const group = `${stream}/groups/audit`
    await ask('PUT', group, { createStream: true })

    const produced = once(start('producer.ts', stream, file), 'exit')
    const consumers = ['ann', 'bob', 'cid']
    const workers = consumers.map((consumer) =>
      start('worker.ts', group, consumer, join(directory, consumer))
    )
    const read = async () => (await groupInfo(group)).entriesRead
    await until(async () => existsSync(join(directory, 'ann')) && (await read()) > lines.length / 10)
    const held = await killWhileHolding(workers[0], group, 'ann', join(directory, 'ann'))

    await until(async () => (await read()) > lines.length / 3)
    await nodes[0]?.stop('SIGKILL')
    await until(async () => (await read()) > lines.length / 2)
    await redis.kill()
    await redisForTest({ ...settings, port: redis.port })
    await until(async () => (await read()) > (lines.length * 2) / 3)
    nodes.push(await startWeir({ ...environment, WEIR_PORT: String(nodes[0]?.port) }))

    expect((await produced)[0]).toBe(0)
    const final = await until(async () => {
      const info = await groupInfo(group)
      return info.lag === 0 && info.pending === 0 && info
    })
    expect(final).toMatchObject({ entriesRead: lines.length, lastDeliveredId: `${lines.length}-0` })
    expect((await ask('GET', stream)).length).toBe(lines.length)
    const work = consumers.flatMap((consumer) => workOf(join(directory, consumer)))
    const done = new Map(work.map(({ id, line }) => [id, line]))
    expect(lines.map((_, i) => done.get(`${i + 1}-0`))).toEqual(lines)
    const claimed = work.filter(({ id, deliveries }) => held.includes(id) && deliveries > 1)
    expect(new Set(claimed.map(({ id }) => id))).toEqual(new Set(held))
  })

  it('start before Redis does, report that they are not ready, and become ready', async () => {
    const port = await freePort()
    const weir = await startWeir({ WEIR_ENGINE: 'redis', WEIR_REDIS_URL: `redis://127.0.0.1:${port}` })
    onTestFinished(() => stop([weir]))
    const append = () =>
      call('POST', `${weir.url}/v1/streams/orders/entries`, { entries: [{ fields: { order: '1' } }] })
    expect(await append()).toMatchObject({
      status: 503,
      body: { code: 'engine-unavailable', retryable: true }
    })
    expect((await fetch(`${weir.url}/readyz`)).headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await call('GET', `${weir.url}/livez`)).status).toBe(200)
    await redisForTest({ port })
    await until(async () => (await call('GET', `${weir.url}/readyz`)).status === 200)
    expect((await append()).status).toBe(201)
    expect(await weir.stop()).toBe(0)
  })
})

/** Requests a group until there is an answer. */
function groupInfo(group: string): ReturnType<typeof ask> {
  return until(() => ask('GET', group).catch(() => undefined))
}

async function stop(nodes: readonly Weir[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.stop('SIGKILL')))
}
