import { beforeEach, describe, expect, it } from 'vitest'
import { appendEntries } from '../../../../src/embedded/core/decide/entries.ts'
import * as pending from '../../../../src/embedded/core/decide/pending.ts'
import { ANSWER_BYTES } from '../../../../src/semantics/answer-size.ts'
import { Core, fieldsJson, id } from '../../../support/core.ts'

let core: Core
beforeEach(() => {
  core = new Core()
  core.group()
})

describe('a consumer group', () => {
  it('delivers each entry to one of its consumers', () => {
    core.append(['1-0', '2-0', '3-0'])
    expect(core.read('ann', { count: 2 }).entries).toEqual(['1-0×1', '2-0×1'])
    expect(core.read('bob', { count: 2 }).entries).toEqual(['3-0×1'])
    expect(core.read('ann').entries).toEqual([])
  })

  it('receives all entries, like every other group', () => {
    core.group('audit')
    core.append(['1-0'])
    expect(core.read('ann').entries).toEqual(['1-0×1'])
    expect(core.read('ann', { group: 'audit' }).entries).toEqual(['1-0×1'])
  })

  it('keeps an entry pending with its consumer until it is acked', () => {
    core.append(['1-0', '2-0'])
    core.read('ann', { count: 1 })
    core.read('bob')
    expect(core.pending()).toEqual(['1-0 ann×1', '2-0 bob×1'])
    expect(core.ack(['1-0', '1-0', '9-0'])).toBe(1)
    expect(core.pending()).toEqual(['2-0 bob×1'])
  })

  it('accepts an ack that names a consumer only from the owner', () => {
    core.append(['1-0'])
    core.read('ann')
    expect(core.ack(['1-0'], 'bob')).toBe(0)
    expect(core.ack(['1-0'], 'ann')).toBe(1)
  })

  it('delivers without making entries pending with noAck', () => {
    core.append(['1-0', '2-0'])
    expect(core.read('ann', { noAck: true }).entries).toEqual(['1-0×1', '2-0×1'])
    expect(core.pending()).toEqual([])
    expect(core.info()).toMatchObject({ entriesRead: 2, lag: 0 })
  })

  it('counts another delivery when a consumer reads its pending entries', () => {
    core.append(['1-0', '2-0'])
    core.read('ann')
    core.delete(['2-0'])
    expect(core.read('ann', { after: '0-0' }).entries).toEqual(['1-0×2', '2-0×1'])
    expect(core.pending()).toEqual(['1-0 ann×2', '2-0 ann×1'])
  })

  it('counts deliveries up to the highest safe integer', () => {
    core.append(['1-0'])
    core.read('ann')
    const highest = Number.MAX_SAFE_INTEGER
    const claim = { ids: [1n << 64n], minIdleMs: 0, deliveries: highest, force: false, justIds: false }
    core.commit(
      pending.claimEntries(
        core.streams,
        { stream: 'orders', group: 'billing', consumer: 'ann', ...claim },
        core.at
      )
    )
    expect(core.read('ann', { after: '0-0' }).entries).toEqual([`1-0×${highest}`])
    const again = core.read('bob', { claimIdleMs: 0 })
    expect(again.entries).toEqual([`1-0×${highest}`])
    again.undo()
    expect(core.pending()).toEqual([`1-0 ann×${highest}`])
  })

  it('delivers idle entries before new ones, longest idle first', () => {
    core.append(['1-0', '2-0', '3-0'])
    core.at = 1000
    core.read('ann', { count: 1 })
    core.at = 1010
    core.read('ann', { count: 1 })
    core.at = 1020
    core.read('ann', { after: '0-0', count: 1 })
    core.at = 1100
    expect(core.read('bob', { claimIdleMs: 80, count: 3 }).entries).toEqual(['2-0×2', '1-0×3', '3-0×1'])
  })

  it('leaves a deleted entry pending, but does not deliver it as idle', () => {
    core.append(['1-0', '2-0'])
    core.read('ann')
    core.trim({ maxLength: 1 })
    core.at = 2000
    expect(core.read('bob', { claimIdleMs: 1 }).entries).toEqual(['2-0×2'])
    expect(core.pending()).toEqual(['1-0 ann×1', '2-0 bob×2'])
  })

  it('makes the next reader the owner of a pending entry after it was moved back', () => {
    core.append(['1-0'])
    core.read('ann')
    core.read('ann', { after: '0-0' })
    core.moveGroup('0-0')
    expect(core.read('bob').entries).toEqual(['1-0×1'])
    expect(core.pending()).toEqual(['1-0 bob×1'])
  })
})

describe('an answer', () => {
  it('contains a limited number of bytes, and the next one continues', () => {
    const fields = fieldsJson({ big: 'x'.repeat(ANSWER_BYTES / 3) })
    const entries = Array.from({ length: 3 }, (_, n) => ({ id: id(`${n + 1}-0`), fields }))
    core.commit(appendEntries(core.streams, { stream: 'orders', createStream: true, entries }, core.at))
    expect(core.read('ann').entries).toEqual(['1-0×1', '2-0×1'])
    expect(core.read('ann').entries).toEqual(['3-0×1'])
    expect(core.read('ann', { after: '0-0' }).entries).toEqual(['1-0×2', '2-0×2'])
    expect(core.read('bob', { claimIdleMs: 0 }).entries).toEqual(['1-0×3', '2-0×3'])
  })
})

describe('an undone delivery', () => {
  it('goes to the next reader as if for the first time', () => {
    core.append(['1-0', '2-0', '3-0'])
    const before = core.info()
    core.read('ann', { count: 2 }).undo()
    expect(core.info()).toEqual({ ...before, consumers: 1, entriesRead: 0, lastDeliveredId: 2n << 64n })
    expect(core.read('bob').entries).toEqual(['1-0×1', '2-0×1', '3-0×1'])
    expect(core.info()).toMatchObject({ entriesRead: 3, lag: 0, pending: 3 })
  })

  it('comes before new entries, even if others have read meanwhile', () => {
    core.append(['1-0', '2-0', '3-0'])
    const delivery = core.read('ann', { count: 1 })
    core.read('bob', { count: 1 })
    delivery.undo()
    expect(core.read('bob').entries).toEqual(['1-0×1', '3-0×1'])
  })

  it('does not include entries that were acked or claimed meanwhile', () => {
    core.append(['1-0', '2-0'])
    const delivery = core.read('ann')
    core.ack(['1-0'])
    core.at += 10
    core.read('bob', { claimIdleMs: 10 })
    delivery.undo()
    expect(core.pending()).toEqual(['2-0 bob×2'])
    expect(core.read('ann').entries).toEqual([])
  })

  it('returns a claimed entry to its owner with its count and idle time', () => {
    core.append(['1-0'])
    core.read('ann')
    core.at = 1500
    const delivery = core.read('bob', { claimIdleMs: 500 })
    core.at = 1600
    delivery.undo()
    expect(core.pending()).toEqual(['1-0 ann×1'])
    expect(core.read('bob', { claimIdleMs: 600 }).entries).toEqual(['1-0×2'])
  })

  it('leaves a claimed entry to the next reader if its owner was deleted meanwhile', () => {
    core.append(['1-0'])
    core.read('ann')
    const delivery = core.read('bob', { claimIdleMs: 0 })
    core.commit({
      changes: [{ kind: 'consumerDeleted', stream: 'orders', group: 'billing', consumer: 'ann' }],
      answer: undefined
    })
    delivery.undo()
    expect(core.pending()).toEqual([])
    expect(core.read('carl').entries).toEqual(['1-0×1'])
  })

  it('is not repeated if its entry was deleted or the group was moved', () => {
    core.append(['1-0', '2-0'])
    const delivery = core.read('ann')
    core.delete(['1-0'])
    core.moveGroup('0-0')
    delivery.undo()
    expect(core.pending()).toEqual([])
    expect(core.read('bob').entries).toEqual(['2-0×1'])
    expect(core.read('bob').entries).toEqual([])
  })
})
