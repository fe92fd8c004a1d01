import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MAX_ID, MIN_ID } from '../../../src/contract/entry-id.ts'
import { openEmbeddedEngine } from '../../../src/embedded/engine.ts'
import type { EmbeddedOptions } from '../../../src/embedded/options.ts'
import { append, makeGroup, read } from '../../conformance/requests.ts'
import { temporaryMemory } from '../../support/weir.ts'

const ORDERS = { stream: 'orders' }
const BILLING = { ...ORDERS, group: 'billing' }
const ANN = { ...BILLING, consumer: 'ann' }

async function open(options: Partial<EmbeddedOptions> = {}) {
  const directory = await temporaryMemory()
  let now = 1_750_000_000_000
  const engine = await openEmbeddedEngine({
    directory,
    fsync: 'never',
    maxWaiting: 10,
    now: () => now,
    ...options
  })
  onTestFinished(() => engine.close())
  const elapse = (ms: number) => {
    now += ms
  }
  return { engine, elapse }
}

describe('the upkeep of groups', () => {
  it('lets any number of entries die, in steps, and keeps serving others in between', async () => {
    const { engine, elapse } = await open()
    await append(engine, ORDERS, ...Array.from({ length: 2500 }, (_, n) => `${n + 1}-0`))
    await makeGroup(engine, BILLING, {
      delivery: { ackTimeoutMs: 100, maxDeliveries: 1, deadLetterStream: 'letters' }
    })
    for (let reads = 0; reads < 3; reads++) await read(engine, { ...ANN, count: 1000 })
    elapse(100)
    await expect.poll(async () => (await engine.status()).died).toBe(2500)
    expect(await engine.getGroup(BILLING)).toMatchObject({ pending: 0, dead: 0 })
    expect(await engine.getStream({ stream: 'letters' })).toMatchObject({ length: 2500 })
  })

  it('leaves entries due that cannot die now, says why, and tries again', async () => {
    const blocked: Error[] = []
    const { engine, elapse } = await open({
      most: { streams: 2 },
      onDeathsBlocked: (error) => void blocked.push(error)
    })
    await append(engine, ORDERS, '1-0')
    await append(engine, { stream: 'other' }, '1-0')
    await makeGroup(engine, BILLING, {
      delivery: { ackTimeoutMs: 100, maxDeliveries: 1, deadLetterStream: 'letters' }
    })
    await read(engine, ANN)
    elapse(100)
    await expect.poll(async () => (await engine.status()).deathsBlocked).toContain('Limit reached')
    expect(await read(engine, { ...BILLING, consumer: 'bob' })).toEqual([])
    const range = { from: MIN_ID, to: MAX_ID, limit: 10, minIdleMs: 0 }
    expect(await engine.listPending({ ...BILLING, ...range })).toMatchObject([
      { state: 'due', deliveries: 1 }
    ])
    await engine.deleteStream({ stream: 'other' })
    elapse(1000)
    await expect.poll(async () => (await engine.status()).died).toBe(1)
    await expect.poll(async () => (await engine.status()).deathsBlocked).toBeUndefined()
    expect(await engine.getStream({ stream: 'letters' })).toMatchObject({ length: 1 })
    expect(blocked).toHaveLength(1)
  })

  it('ends when the engine drains', async () => {
    const { engine, elapse } = await open()
    await append(engine, ORDERS, '1-0')
    await makeGroup(engine, BILLING, { delivery: { ackTimeoutMs: 100, maxDeliveries: 1 } })
    await read(engine, ANN)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    engine.drain()
    elapse(1000)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await engine.getGroup(BILLING)).toMatchObject({ pending: 1, dead: 0 })
  })

  it('goes on after a restart, when the longer leases have ended', async () => {
    const directory = await temporaryMemory()
    let now = 1_750_000_000_000
    const start = () => openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 10, now: () => now })
    const first = await start()
    await append(first, ORDERS, '1-0', '2-0')
    const delivery = { ackTimeoutMs: 100, maxDeliveries: 1 }
    await makeGroup(first, BILLING, { delivery })
    await read(first, ANN)
    await first.nackEntries({ ...BILLING, ids: [1n << 64n], outcome: 'reject', reason: 'no stock' })
    await first.close()
    now += 1000
    const second = await start()
    onTestFinished(() => second.close())
    expect(await second.getGroup(BILLING)).toMatchObject({ pending: 1, dead: 1, delivery })
    const range = { from: MIN_ID, to: MAX_ID, limit: 10, minIdleMs: 0 }
    expect(await second.listPending({ ...BILLING, ...range })).toMatchObject([
      { state: 'leased', dueInMs: 30_000 }
    ])
    expect(await second.listDead({ ...BILLING, limit: 10 })).toMatchObject({
      dead: [{ consumer: 'ann', reason: 'no stock', deadAt: now - 1000 }]
    })
    now += 30_000
    // It is not delivered again, whether or not the upkeep has come to it yet.
    expect(await read(second, { ...BILLING, consumer: 'bob' })).toEqual([])
  })
})
