import { beforeEach, describe, expect, it } from 'vitest'
import type { DeliveryPolicy } from '../../../../src/contract/delivery-policy.ts'
import { formatId } from '../../../../src/contract/entry-id.ts'
import { updateGroup } from '../../../../src/embedded/core/decide/groups.ts'
import { nackEntries } from '../../../../src/embedded/core/decide/nacks.ts'
import { due, hasDue, leaseEnd, nextDueAt } from '../../../../src/embedded/core/leases.ts'
import { Core, id } from '../../../support/core.ts'

const BILLING = { stream: 'orders', group: 'billing' }

let core: Core
beforeEach(() => {
  core = new Core()
  core.group()
  core.append(['1-0', '2-0', '3-0', '4-0'])
})

const group = () => core.streams.group(BILLING)
const setPolicy = (delivery: DeliveryPolicy) =>
  core.commit(updateGroup(core.streams, { ...BILLING, delivery }, core.at))
const nack = (text: string, delayMs: number) =>
  core.commit(
    nackEntries(
      core.streams,
      { ...BILLING, ids: [id(text)], outcome: 'retry', delayMs },
      core.at,
      Math.random
    )
  )
const dueAt = (at: number) =>
  [...due(group(), at)].map(({ state, dueAt: when }) => [formatId(state.id), when])

describe('leases', () => {
  it('end after ackTimeoutMs, and entries are due from that millisecond on', () => {
    setPolicy({ ackTimeoutMs: 500 })
    core.at = 1100
    core.read('ann', { count: 2 })
    expect(nextDueAt(group(), core.at)).toBe(1600)
    expect(dueAt(1599)).toEqual([])
    expect(dueAt(1600)).toEqual([
      ['1-0', 1600],
      ['2-0', 1600]
    ])
    expect(nextDueAt(group(), 1600)).toBeNull()
  })

  it('never end without ackTimeoutMs', () => {
    setPolicy({ maxDeliveries: 3 })
    core.read('ann')
    expect(leaseEnd(group(), core.at)).toBeNull()
    expect(hasDue(group(), Number.MAX_SAFE_INTEGER)).toBe(false)
  })

  it('begin anew when the policy changes', () => {
    setPolicy({ ackTimeoutMs: 500 })
    core.read('ann')
    core.at = 1400
    setPolicy({ ackTimeoutMs: 200 })
    expect(dueAt(1599)).toEqual([])
    expect(dueAt(1600)).toHaveLength(4)
  })

  it('are mixed with nacked entries in the order in which they fall due', () => {
    setPolicy({ ackTimeoutMs: 500 })
    core.read('ann', { count: 1 })
    core.at = 1100
    core.read('ann', { count: 1 })
    core.read('bob', { count: 2 })
    nack('3-0', 450)
    nack('4-0', 900)
    expect(dueAt(2000).map(([text]) => text)).toEqual(['1-0', '3-0', '2-0', '4-0'])
    expect(dueAt(1599).map(([text]) => text)).toEqual(['1-0', '3-0'])
    expect(nextDueAt(group(), 1600)).toBe(2000)
  })

  it('that began before a start last 30 s longer, counted from the start if they had ended before', () => {
    setPolicy({ ackTimeoutMs: 60_000 })
    core.read('ann', { count: 1 })
    core.at = 50_000
    core.read('ann', { count: 1 })
    core.at = 100_000
    group().startedAt = 100_000
    core.read('ann', { count: 1 })
    expect(dueAt(1_000_000)).toEqual([
      ['1-0', 130_000],
      ['2-0', 140_000],
      ['3-0', 160_000]
    ])
    expect(nextDueAt(group(), 100_000)).toBe(130_000)
    expect(nextDueAt(group(), 130_000)).toBe(140_000)
    expect(nextDueAt(group(), 140_000)).toBe(160_000)
  })

  it('that began after a start may end before earlier ones', () => {
    setPolicy({ ackTimeoutMs: 1000 })
    core.at = 100_000
    core.read('ann', { count: 2 })
    group().startedAt = 100_500
    core.at = 100_600
    core.read('ann', { count: 2 })
    expect(dueAt(101_600).map(([text]) => text)).toEqual(['3-0', '4-0'])
    expect(nextDueAt(group(), 100_600)).toBe(101_600)
    expect(nextDueAt(group(), 101_600)).toBe(131_000)
    expect(dueAt(131_000).map(([text]) => text)).toEqual(['3-0', '4-0', '1-0', '2-0'])
  })

  it('are those of a new policy if it was set after the start', () => {
    setPolicy({ ackTimeoutMs: 1000 })
    core.read('ann')
    group().startedAt = 2000
    core.at = 3000
    setPolicy({ ackTimeoutMs: 500 })
    expect(nextDueAt(group(), 3000)).toBe(3500)
  })
})
