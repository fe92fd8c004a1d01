import { beforeEach, expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { id } from '../conformance/fixtures.ts'
import { append, claim, deliver, groupsOf, makeGroup, read } from '../conformance/requests.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const audit = { ...orders, group: 'audit' }
const ann = { ...billing, consumer: 'ann' }

describeOnServer('the oldest pending entry of a group', () => {
  let engine: Engine

  beforeEach(async () => {
    engine = await engineForTest((await redisForTest()).url)
    await append(engine, orders, ...Array.from({ length: 1000 }, (_, i) => `${i + 1}-0`))
    for (const group of [billing, audit]) await makeGroup(engine, group)
  })

  it('is reported for up to a thousand pending entries in an answer, and null beyond that', async () => {
    await read(engine, { ...ann, count: 1000 })
    await claim(engine, { ...ann, ids: ['700-0'], idleMs: 3_600_000 })
    expect((await engine.getGroup(billing)).oldestPendingMs).toBeGreaterThanOrEqual(3_600_000)
    await read(engine, { ...ann, ...audit, count: 1 })
    expect((await engine.getGroup(audit)).oldestPendingMs).toBeGreaterThanOrEqual(0)
    const listed = await groupsOf(engine, orders)
    expect(listed.map(({ name, oldestPendingMs }) => [name, oldestPendingMs === null])).toEqual([
      ['audit', false],
      ['billing', true]
    ])
    await append(engine, orders, '1001-0')
    await read(engine, ann)
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1001, oldestPendingMs: null })
    await engine.ackEntries({ ...billing, ids: [id('1-0')] })
    expect((await engine.getGroup(billing)).oldestPendingMs).toBeGreaterThanOrEqual(3_600_000)
  })

  it('is null if the only pending entries were returned by a reader that hung up', async () => {
    const delivery = await deliver(engine, { ...ann, count: 3 })
    delivery.undo()
    await expect.poll(async () => (await engine.getGroup(billing)).pending).toBe(0)
    expect((await engine.getGroup(billing)).oldestPendingMs).toBeNull()
  })
})
