import { describe, expect, it, onTestFinished } from 'vitest'
import type { Client } from '../../load/clients/client.ts'
import { RedisClient } from '../../load/clients/redis-client.ts'
import { httpFlow } from '../../load/flows/http-flow.ts'
import { allDone, GROUP, GROUP_PATH, POLICY, STREAM } from '../../load/orders.ts'
import { startRedis } from '../../load/peers/redis.ts'
import { missingPrograms } from '../../load/program.ts'
import { verify } from '../../load/verify.ts'
import { loadClient } from '../support/load-client.ts'
import { serverForTest } from '../support/server.ts'

async function redisClient(): Promise<Client> {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const client = new RedisClient(redis.port)
  onTestFinished(() => client.close())
  return client
}

function clientContract(open: () => Promise<Client>): void {
  it('reads what it appended, each entry with its number', async () => {
    const client = await open()
    await client.open()
    await client.append(40, 3)
    const entries = await client.read('ann', 10, 1)
    expect(entries.map(({ number }) => number)).toEqual([40, 41, 42])
    expect(await client.counts()).toEqual({ length: 3, entriesRead: 3, pending: 3, lag: 0 })
    expect(await client.ack(entries.map(({ id }) => id))).toBe(3)
    expect(await client.counts()).toEqual(allDone(3))
  })

  it('reads ids that can be acked, and none if no entry is new', async () => {
    const client = await open()
    await client.open()
    await client.append(0, 2)
    const ids = await client.readIds('ann', 10, 1)
    expect(ids).toHaveLength(2)
    expect(await client.ack(ids)).toBe(2)
    expect(await client.readIds('ann', 10, 1)).toEqual([])
  })

  it('appends, reads and acks every entry of a flow', async () => {
    const client = await open()
    await client.open()
    const done = await httpFlow(client).run({ batches: 24, batch: 10 })
    expect(done).toMatchObject({ appended: 240, delivered: 240, acked: 240 })
    expect(await client.counts()).toEqual(allDone(240))
  })
}

describe('a client over HTTP', () => clientContract(() => loadClient()))

describe('a client over HTTP with a delivery policy', () => {
  clientContract(() => loadClient({ delivery: POLICY }))

  it('creates the group with the policy', async () => {
    const server = await serverForTest()
    const client = await loadClient({ delivery: POLICY, server })
    await client.open()
    expect((await server.engine.getGroup({ stream: STREAM, group: GROUP })).delivery).toEqual(POLICY)
  })

  it('rejects if the group has another policy', async () => {
    const server = await serverForTest()
    await server.send('PUT', GROUP_PATH, { createStream: true })
    const client = await loadClient({ delivery: POLICY, server })
    await expect(client.open()).rejects.toThrow('the group has its delivery policy.')
  })
})

describe.skipIf(missingPrograms(['redis-server']).length > 0)('a client of Redis', () =>
  clientContract(redisClient)
)

describe('a wrong count', () => {
  it('is reported together with the expected one', () => {
    expect(() => verify('nothing was lost.', { lost: 3 }, { lost: 0 })).toThrow(
      'Check failed: nothing was lost. Expected {"lost":0}, found {"lost":3}'
    )
    verify('nothing was lost.', { lost: 0 }, { lost: 0 })
  })
})
