import { expect, it } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { ask, call } from '../support/http.ts'
import type { Weir } from '../support/weir.ts'
import { workerForTest } from './worker-process.ts'
import { order, workplaceForTest } from './workplace.ts'

/** What a worker does while nothing is wrong with the server or the way to it. */
export function testWork(language: LanguageName, weir: () => Weir): void {
  it('creates the stream and the group with a delivery policy, and waits', async () => {
    const { group, settings, proxy } = await workplaceForTest(weir())
    const worker = workerForTest(language, { ...settings, ACK_TIMEOUT_MS: '12345', WAIT_MS: '45678' })
    const [poll] = await worker.until(async () => {
      const polls = proxy
        .of('readGroup')
        .filter(({ body }) => body.after === undefined || body.after === null)
      return polls.length > 0 && polls
    })
    expect(poll?.body).toMatchObject({ consumer: 'ann', count: 10, waitMs: 45678 })
    const { delivery } = await ask('GET', group)
    expect(delivery).toEqual({ ackTimeoutMs: 12345, maxDeliveries: 5 })
  })

  it('processes entries in their order, and acks each for its consumer', async () => {
    const place = await workplaceForTest(weir())
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => place.proxy.of('readGroup').length > 1)
    const ids = await place.append(...Array.from({ length: 25 }, (_, n) => order(n)))
    expect(await worker.processed(25)).toEqual(ids.map((id, n) => `${id} ${n} ${n}.50`))
    await worker.until(async () => (await place.pendingIds()).length === 0)
    const acks = place.proxy.of('ackEntries').map(({ body }) => body)
    expect(acks).toEqual(ids.map((id) => ({ ids: [id], consumer: 'ann' })))
    expect(worker.log).toEqual([])
  })

  it('first processes all entries that are still pending for it, and acks those that were deleted', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 600_000 })
    const ids = await place.append(...Array.from({ length: 23 }, (_, n) => order(n)))
    await ask('POST', `${place.group}/read`, { consumer: 'ann', count: 22 })
    const [, deleted = ''] = ids
    await ask('POST', `${place.stream}/entries/delete`, { ids: [deleted] })
    const worker = workerForTest(language, place.settings)
    await worker.processed(22)
    expect(worker.ids).toEqual(ids.filter((id) => id !== deleted))
    await worker.until(async () => (await place.pendingIds()).length === 0)
    const after = place.proxy.of('readGroup').map(({ body }) => body.after ?? null)
    expect(after.slice(0, 5)).toEqual(['0-0', ids[9], ids[19], ids[21], null])
  })

  it('nacks an entry that fails with its reason until it is dead, and processes the others', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 600_000, maxDeliveries: 5 })
    const [bad = '', ...good] = await place.append({ order: '1', total: 'twelve' }, order(2), order(3))
    const worker = workerForTest(language, place.settings)
    const dead = await worker.until(async () => {
      const { dead: entries } = await ask('GET', `${place.group}/dead`)
      return entries.length > 0 && entries
    })
    expect(dead).toEqual([expect.objectContaining({ id: bad, deliveries: 5 })])
    const nacks = place.proxy.of('nackEntries').map(({ body }) => body)
    const { reason } = dead[0]
    expect(reason).toMatch(/\w/)
    expect(nacks).toEqual(Array(5).fill({ ids: [bad], consumer: 'ann', outcome: 'retry', reason }))
    await worker.processed(2)
    expect(worker.ids).toEqual(good)
    expect(worker.log.filter((line) => line.includes(bad)).length).toBeGreaterThanOrEqual(5)
  })

  it('keeps entries whose work takes longer than their time, and names them', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 3000 })
    const ids = await place.append(order(1, 7000), order(2))
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => (await place.pendingIds()).length === 2)
    const other = await worker.until(async () => {
      const { entries } = await ask('POST', `${place.group}/read`, { consumer: 'bob', waitMs: 500 })
      return worker.lines.length === 2 ? { entries } : entries.length > 0 && { entries }
    })
    expect(other.entries).toEqual([])
    expect(worker.ids).toEqual(ids)
    await worker.until(async () => (await place.pendingIds()).length === 0)
    const beats = place.proxy.of('extendEntries').map(({ body }) => body)
    expect(beats.length).toBeGreaterThanOrEqual(3)
    for (const beat of beats) expect(ids).toEqual(expect.arrayContaining(beat.ids))
    for (const { consumer } of beats) expect(consumer).toBe('ann')
    expect(beats[0]?.ids).toEqual(ids)
  })

  it('reports an entry that was given to another consumer meanwhile', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 600_000 })
    const [id = ''] = await place.append(order(1, 2000))
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => (await place.pendingIds()).length === 1)
    const claim = { consumer: 'bob', ids: [id], minIdleMs: 0 }
    expect((await call('POST', `${place.group}/claim`, claim)).status).toBe(200)
    expect(await worker.logged(new RegExp(id))).toBeDefined()
    expect(await place.pendingIds()).toEqual([id])
  })
}
