import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { LEASE_AFTER_RESTART_MS } from '../../src/contract/delivery-policy.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { temporaryDirectory } from '../support/weir.ts'
import { idsOf, LONG_MS, parked, SHORT_MS } from './fixtures.ts'
import { deadOf, extend, nack, pendingStates, pendingTexts, setPolicy, untilDead } from './policy-requests.ts'
import { append, makeGroup, read } from './requests.ts'

const START_MS = 1_750_000_000_000
const LEASE_MS = 1000
const DELIVERY = { ackTimeoutMs: LEASE_MS, maxDeliveries: 2 }
const billing = { stream: 'orders', group: 'billing' }
const ann = { ...billing, consumer: 'ann' }
const bob = { ...billing, consumer: 'bob' }

describe('the leases of the embedded engine, after a restart,', () => {
  let now: number
  let directory: string
  let engine: EmbeddedEngine

  const start = () => openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 5, now: () => now })
  const restart = async (downMs: number) => {
    await engine.close()
    now += downMs
    engine = await start()
  }

  /** 1-0 and 2-0 are pending with ann. 1-0 has no delivery left. */
  beforeEach(async () => {
    now = START_MS
    directory = await temporaryDirectory()
    engine = await start()
    await append(engine, billing, '1-0', '2-0', '3-0')
    await makeGroup(engine, billing, { delivery: DELIVERY })
    await read(engine, { ...ann, count: 1 })
    await read(engine, { ...ann, after: '0-0' })
    await read(engine, { ...ann, count: 1 })
  })
  afterEach(() => engine.close())

  it('last 30 s longer if they had not ended', async () => {
    now += LEASE_MS / 2
    await restart(LEASE_MS / 4)
    const [entry] = await pendingStates(engine, billing)
    expect(entry).toMatchObject({ state: 'leased', dueInMs: LEASE_MS / 4 + LEASE_AFTER_RESTART_MS })
    now += LEASE_MS / 4 + LEASE_AFTER_RESTART_MS - 1
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    now += 1
    expect(await read(engine, bob)).toMatchObject([{ id: '2-0', deliveries: 2 }])
  })

  it('end 30 s after the start if they had ended before', async () => {
    await restart(3_600_000)
    const [entry] = await pendingStates(engine, billing)
    expect(entry).toMatchObject({ state: 'leased', dueInMs: LEASE_AFTER_RESTART_MS })
    now += LEASE_AFTER_RESTART_MS - 1
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    now += 1
    expect(idsOf(await read(engine, bob))).toEqual(['2-0'])
    expect(await deadOf(engine, billing)).toMatchObject([{ id: '1-0', deliveries: 2 }])
  })

  it('have their usual length if they began since', async () => {
    await restart(1)
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    await extend(engine, ann, ['2-0'])
    expect((await pendingStates(engine, billing)).map(({ dueInMs }) => dueInMs)).toEqual([
      LEASE_MS - 1 + LEASE_AFTER_RESTART_MS,
      LEASE_MS,
      LEASE_MS
    ])
    now += LEASE_MS
    expect(new Set(idsOf(await read(engine, ann)))).toEqual(new Set(['2-0', '3-0']))
  })

  it('have their usual length again once the policy is set', async () => {
    await restart(1)
    await setPolicy(engine, billing, DELIVERY)
    expect((await pendingStates(engine, billing)).map(({ dueInMs }) => dueInMs)).toEqual([LEASE_MS, LEASE_MS])
  })

  it('are longer again after the next restart', async () => {
    await restart(1)
    now += LEASE_AFTER_RESTART_MS
    await restart(1)
    expect((await pendingStates(engine, billing))[0]?.state).toBe('leased')
  })

  it('end for waiting readers that came since', async () => {
    await setPolicy(engine, billing, { ackTimeoutMs: SHORT_MS })
    await restart(1)
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    const { answer } = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    now += SHORT_MS
    expect(idsOf(await answer)).toEqual(['3-0'])
  })

  it('let entries die in time that were delivered since', async () => {
    await setPolicy(engine, billing, { ackTimeoutMs: SHORT_MS, maxDeliveries: 1 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    await restart(1)
    // The engine looks at the leases from before the start, and plans what it does when they end.
    await vi.advanceTimersByTimeAsync(1)
    now += 1
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    now += SHORT_MS
    await vi.advanceTimersByTimeAsync(SHORT_MS)
    vi.useRealTimers()
    await untilDead(engine, billing, '3-0')
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 leased ann×2', '2-0 leased ann×1'])
  })

  it('do not hold back nacked entries, which are due as before', async () => {
    await nack(engine, billing, 'release', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: 5000 })
    await restart(2000)
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×1', '2-0 delayed -×1'])
    expect((await pendingStates(engine, billing))[1]?.dueInMs).toBe(3000)
    expect(new Set(idsOf(await read(engine, bob)))).toEqual(new Set(['1-0', '3-0']))
    now += 3000
    expect(idsOf(await read(engine, ann))).toContain('2-0')
  })

  it('leave dead entries, policies and counts as they were', async () => {
    await nack(engine, billing, 'reject', ['1-0', '2-0'], { reason: 'cancelled' })
    const dead = await deadOf(engine, billing)
    await restart(1)
    expect(await deadOf(engine, billing)).toEqual(dead)
    await untilDead(engine, billing, '1-0', '2-0')
    expect(await engine.getGroup(billing)).toMatchObject({
      pending: 0,
      delayed: 0,
      dead: 2,
      delivery: DELIVERY
    })
  })
})
