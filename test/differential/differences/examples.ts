import type { Operation } from '../operation.ts'
import type { Program } from '../program.ts'

/*
 * Short programs that each show one difference.
 */

const HIGHEST = '18446744073709551615'
const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }

/** Ids can have the form "5-*". */
function append(...ids: string[]): Operation {
  const entries = ids.map((id) => ({
    fields: { order: id },
    ...(id.endsWith('-*') ? { idMs: id.slice(0, -2) } : { id })
  }))
  return { kind: 'appendEntries', ...orders, createStream: true, entries }
}
function trimTo(maxLength: number): Operation {
  return { kind: 'trimStream', ...orders, trim: { maxLength, approximate: false } }
}
function makeGroup(more: { after?: string; entriesRead?: number } = {}): Operation {
  return { kind: 'ensureGroup', ...billing, after: '0-0', createStream: true, onlyNew: true, ...more }
}
function read(count = 10, more: { claimIdleMs?: number } = {}): Operation {
  const { group, consumer } = ann
  return { kind: 'readGroups', group, consumer, streams: [orders], count, waitMs: 0, noAck: false, ...more }
}
function readOwn(after: string): Operation {
  const { group, consumer } = ann
  const streams = [{ ...orders, after }]
  return { kind: 'readGroups', group, consumer, streams, count: 10, waitMs: 0, noAck: false }
}
const getGroup: Operation = { kind: 'getGroup', ...billing }

export const trimOfNothing: Program = [trimTo(0)]

export const consumerWithPending: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'deleteConsumer', ...ann, pending: 'keep' }
]

export const groupWithPending: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'deleteGroup', ...billing, dropPending: false }
]

export const ackOfAnother: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'ackEntries', ...billing, ids: ['1-0'], consumer: 'bob' }
]

export const claimAbove: Program = [
  append('1-0'),
  makeGroup(),
  { kind: 'claimEntries', ...ann, ids: ['1-0'], minIdleMs: 0, force: false, justIds: false, lastId: '2-0' }
]

export const idleBefore1970: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'claimEntries', ...ann, ids: ['1-0'], minIdleMs: 0, force: false, justIds: false, idleMs: 9e15 }
]

export const halfAnAppend: Program = [append('2-0', '1-0')]

export const approximateAppend: Program = [
  append('1-0'),
  {
    kind: 'appendEntries',
    ...orders,
    createStream: true,
    entries: [{ id: '2-0', fields: { order: '2-0' } }],
    trim: { maxLength: 0, approximate: true }
  }
]

export const nothingOfOnesOwn: Program = [makeGroup(), readOwn('0-0')]

export const moreGroupsThanAsked: Program = [
  makeGroup(),
  { kind: 'ensureGroup', ...orders, group: 'audit', after: '0-0', createStream: true, onlyNew: true },
  { kind: 'describeStream', ...orders, limit: 1 }
]

export const afterTheHighestId: Program = [append('1-0'), makeGroup(), readOwn(`${HIGHEST}-${HIGHEST}`)]

export const countedTwice: Program = [
  append('1-0', '2-0'),
  makeGroup({ after: '1-0', entriesRead: 2 }),
  read(1),
  getGroup
]

export const countSetLower: Program = [
  append('1-0', '2-0', '3-0'),
  makeGroup(),
  read(),
  trimTo(1),
  { kind: 'setStreamId', ...orders, lastId: '3-0', entriesAdded: 1 },
  getGroup
]

export const trimmedUnread: Program = [
  append('1-0', '2-0', '3-0', '4-0'),
  makeGroup(),
  read(1),
  trimTo(2),
  read(1),
  getGroup
]

export const lagOfTrimmed: Program = [append('1-0', '2-0', '3-0'), makeGroup(), read(1), trimTo(1), getGroup]

export const moreThanAppended: Program = [append('1-0'), makeGroup({ entriesRead: 5 })]

export const cameForNothing: Program = [
  makeGroup(),
  read(),
  { kind: 'listConsumers', ...billing, limit: 100 }
]

export const seenAgain: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'wait', ms: 2 },
  read(),
  { kind: 'listConsumers', ...billing, limit: 100 }
]

export const claimedWithRead: Program = [append('1-0'), makeGroup(), read(), read(1, { claimIdleMs: 0 })]

export const size: Program = [append('1-0'), { kind: 'getStream', ...orders }]

export const oldest: Program = [append('1-0'), makeGroup(), read(), getGroup]

export const pendingState: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'listPending', ...billing, from: '0-0', to: '9-0', limit: 10, minIdleMs: 0 }
]

export const delivery: Program = [append('1-0'), makeGroup(), read()]

export const claimedTwice: Program = [
  append('1-0'),
  makeGroup(),
  read(),
  { kind: 'claimEntries', ...ann, ids: ['1-0', '1-0'], minIdleMs: 0, force: false, justIds: false }
]

export const belowDeleted: Program = [
  append('1-0'),
  { kind: 'deleteEntries', ...orders, ids: ['1-0'] },
  { kind: 'setStreamId', ...orders, lastId: '0-5' }
]

export const belowForgotten: Program = [
  append('1-0', '2-0'),
  { kind: 'deleteEntries', ...orders, ids: ['2-0'] },
  { kind: 'setStreamId', ...orders, lastId: '2-0', maxDeletedId: '1-0' },
  { kind: 'setStreamId', ...orders, lastId: '1-5' }
]

export const twoFaults: Program = [
  {
    kind: 'appendEntries',
    ...orders,
    createStream: false,
    entries: [{ id: '0-0', fields: { order: '0-0' } }]
  }
]

export const noNumberLeft: Program = [append(`5-${HIGHEST}`), append('4-0'), append('5-*')]
