import { beforeEach, describe, expect, it } from 'vitest'
import { setStreamId } from '../../../../src/embedded/core/decide/entries.ts'
import { Core, id } from '../../../support/core.ts'

let core: Core
beforeEach(() => {
  core = new Core()
})

/** Five entries, 1-0 to 5-0. */
const five = () => core.append(['1-0', '2-0', '3-0', '4-0', '5-0'])
const lag = () => core.info().lag
const entriesRead = () => core.info().entriesRead

describe('lag', () => {
  it('is 0 before the first append', () => {
    core.group()
    expect([lag(), entriesRead()]).toEqual([0, null])
  })

  it('is the length for a group before the first entry, and 0 for one at the end', () => {
    five()
    core.group('billing')
    core.group('audit', '5-0')
    expect([core.info('billing').lag, core.info('audit').lag]).toEqual([5, 0])
  })

  it('falls as the group reads', () => {
    five()
    core.group()
    core.read('ann', { count: 2 })
    expect([lag(), entriesRead()]).toEqual([3, 2])
  })

  it('is unknown for a group that starts in the middle, until it has read to the end', () => {
    five()
    core.group('billing', '3-0')
    expect(lag()).toBeNull()
    core.read('ann', { count: 1 })
    expect([lag(), entriesRead()]).toEqual([null, null])
    core.read('ann')
    expect([lag(), entriesRead()]).toEqual([0, 5])
  })

  it('is unknown for a group ahead of the stream', () => {
    five()
    core.group('billing', '9-0')
    expect(lag()).toBeNull()
  })

  it('is unknown after an unread entry is deleted, until the group has passed it', () => {
    five()
    core.group()
    core.read('ann', { count: 1 })
    core.delete(['3-0'])
    expect(lag()).toBeNull()
    core.read('ann')
    expect([lag(), entriesRead()]).toEqual([0, 5])
  })

  it('is never negative, even if entriesAdded was set lower', () => {
    five()
    core.group()
    core.read('ann', { count: 4 })
    core.trim({ maxLength: 2 })
    core.commit(setStreamId(core.streams, { stream: 'orders', lastId: id('5-0'), entriesAdded: 2 }))
    expect([lag(), entriesRead()]).toEqual([0, 2])
  })

  it('is the length if only entries before the first one were deleted', () => {
    five()
    core.group()
    core.delete(['1-0'])
    expect(lag()).toBe(4)
  })

  it('is the length after unread entries were trimmed', () => {
    five()
    core.group()
    core.read('ann', { count: 1 })
    core.trim({ maxLength: 2 })
    expect(lag()).toBe(2)
  })

  it('is 0 for a stream that was emptied', () => {
    five()
    core.group()
    core.trim({ maxLength: 0 })
    expect(lag()).toBe(0)
  })

  it('follows the entriesRead that the group was created with, up to the appended entries', () => {
    five()
    core.group('billing', '2-0', 2)
    core.group('audit', '2-0', 50)
    expect([core.info('billing').lag, core.info('audit').lag]).toEqual([3, 0])
  })

  it('follows the entriesAdded that was set with the last id', () => {
    five()
    core.group('billing', '5-0')
    core.commit(setStreamId(core.streams, { stream: 'orders', lastId: id('9-0'), entriesAdded: 9 }))
    core.group('audit', '9-0')
    expect(core.info('audit').lag).toBe(0)
  })

  it('counts returned entries', () => {
    five()
    core.group()
    const delivery = core.read('ann', { count: 2 })
    core.read('bob', { count: 1 })
    delivery.undo()
    expect([lag(), entriesRead()]).toEqual([4, 1])
  })
})
