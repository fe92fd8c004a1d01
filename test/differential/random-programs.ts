import fc from 'fast-check'
import { all, mostly, sometimes, weighted } from './arbitraries.ts'
import type { Operation, Step } from './operation.ts'
import type { Program } from './program.ts'

/*
 * Random programs whose operations affect each other, because they use few names and few ids.
 */

const stream = weighted([5, fc.constant('orders')], [1, fc.constant('returns')])
const group = weighted([4, fc.constant('billing')], [1, fc.constant('audit')])
const consumer = fc.constantFrom('ann', 'ann', 'bob', 'cid')
const onStream = fc.record({ stream })
const onGroup = fc.record({ stream, group })
/** One page contains all names, because there are few. */
const onePage = fc.record({ limit: fc.constant(1000) })
const asConsumer = fc.record({ stream, group, consumer })

/** Ids in the notation of `Program`. */
const knownId = fc.nat(30).map((index) => `#${index}`)
const nearId = fc.integer({ min: -4, max: 6 }).map((distance) => `${distance < 0 ? '' : '+'}${distance}`)
const plainId = fc.tuple(fc.nat(8), fc.nat(3)).map(([ms, seq]) => `${1000 + ms}-${seq}`)
const HIGHEST = '18446744073709551615'
const extremeId = fc.constantFrom('0-0', '0-1', `1002-${HIGHEST}`, `${HIGHEST}-0`, `${HIGHEST}-${HIGHEST}`)
const someId = weighted([20, knownId], [10, nearId], [10, plainId], [1, extremeId])
const ids = fc.array(weighted([9, knownId], [1, someId]), { minLength: 1, maxLength: 6 })
const position = fc.oneof(someId, fc.constantFrom('last', '0-0'))
const count = weighted([3, fc.integer({ min: 1, max: 4 })], [1, fc.constantFrom(100, 1000)])
/** Near the time that passes between two steps, and far from it. */
const idleMs = weighted([3, fc.constant(0)], [3, fc.nat(4)], [2, fc.constantFrom(1000, 1001, 60_000)])
const counter = weighted([3, fc.nat(8)], [1, fc.constant(1_000_000)])

const fields = weighted(
  [5, fc.nat(9).map((order): Record<string, string> => ({ order: `${order}` }))],
  [1, fc.constantFrom<Record<string, string>>({ '': '' }, { total: '12.00', '“naïve”\n': '\u0000\\"𝄞' })]
)
const trim = all(
  fc.oneof(
    fc.record({ maxLength: fc.oneof(fc.constant(0), fc.nat(8), fc.nat(300)) }),
    fc.record({ minId: fc.oneof(nearId, someId) })
  ),
  weighted<object>(
    [3, fc.constant({ approximate: false })],
    [1, fc.constant({ approximate: true })],
    [
      1,
      fc.record({
        approximate: fc.constant(true),
        limit: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(127, 128, 129, 256, 300))
      })
    ]
  )
)
const after = fc.record({ id: fc.integer({ min: 1, max: 4 }).map((distance) => `+${distance}`) })
const now = fc.constant({})
const anyId = weighted<object>(
  [2, after],
  [1, now],
  [1, fc.record({ id: someId })],
  [2, fc.record({ idMs: fc.integer({ min: 998, max: 1009 }).map(String) })],
  [1, fc.record({ idMs: fc.constantFrom('0', '1002', HIGHEST) })]
)
/** Entries whose ids are accepted in one append, and entries whose ids rarely are. */
const newEntries = fc.oneof(
  ...[after, now, anyId].map((id) =>
    fc.array(all(fc.record({ fields }), id), { minLength: 1, maxLength: 4 }).map(ascending)
  )
)
/** Enough for several blocks. */
const manyEntries = fc
  .tuple(fc.integer({ min: 100, max: 300 }), fc.constantFrom('1004', '2000000000000'))
  .map(([size, idMs]) => Array.from({ length: size }, (_, n) => ({ fields: { order: `${n}` }, idMs })))

const reading = fc.record({ group, consumer, count, noAck: mostly(false), waitMs: fc.constant(0) })
const range = fc.record({
  from: weighted([3, fc.constant('0-0')], [1, someId]),
  to: weighted([3, fc.constant(`${HIGHEST}-${HIGHEST}`)], [1, someId])
})

const OPERATIONS: Record<Operation['kind'], readonly [number, fc.Arbitrary<object>]> = {
  appendEntries: [
    24,
    all(
      fc.record({ stream, createStream: mostly(true) }),
      weighted([20, fc.record({ entries: newEntries })], [1, fc.record({ entries: manyEntries })]),
      sometimes(4, { trim })
    )
  ],
  readGroups: [
    30,
    all(
      reading,
      fc.record({
        streams: someStreams(weighted([3, fc.constant({})], [1, fc.record({ after: someId })]))
      }),
      sometimes(4, { claimIdleMs: idleMs })
    )
  ],
  ackEntries: [10, all(onGroup, fc.record({ ids }), sometimes(3, { consumer }))],
  claimEntries: [
    12,
    all(
      asConsumer,
      fc.record({ ids, minIdleMs: idleMs, force: mostly(false), justIds: mostly(false) }),
      fc.oneof(
        fc.constant({}),
        fc.record({ idleMs: weighted([9, idleMs], [1, fc.constant(9e15)]) }),
        fc.record({ deliveredAt: fc.oneof(fc.integer({ min: -10, max: 10 }), fc.constantFrom(-60_000, 1e9)) })
      ),
      sometimes(3, { deliveries: fc.nat(5) }),
      sometimes(5, { lastId: someId })
    )
  ],
  autoClaimEntries: [
    6,
    all(
      asConsumer,
      fc.record({
        minIdleMs: idleMs,
        from: fc.oneof(fc.constant('0-0'), someId),
        count,
        justIds: mostly(false)
      })
    )
  ],
  ensureGroup: [
    10,
    all(
      onGroup,
      fc.record({ after: position, createStream: mostly(true), onlyNew: mostly(false) }),
      sometimes(2, { entriesRead: counter })
    )
  ],
  updateGroup: [3, all(onGroup, sometimes(1, { after: position }), sometimes(1, { entriesRead: counter }))],
  deleteGroup: [2, all(onGroup, fc.record({ dropPending: fc.boolean() }))],
  ensureConsumer: [2, asConsumer],
  deleteConsumer: [2, all(asConsumer, fc.record({ pending: fc.constantFrom('keep', 'drop') }))],
  deleteEntries: [7, all(onStream, fc.record({ ids }))],
  trimStream: [5, all(onStream, fc.record({ trim }))],
  setStreamId: [
    3,
    all(
      onStream,
      fc.record({ lastId: fc.oneof(nearId, someId) }),
      sometimes(2, { entriesAdded: counter }),
      sometimes(2, { maxDeletedId: fc.oneof(someId, fc.constant('0-0')) })
    )
  ],
  ensureStream: [1, all(onStream, fc.record({ onlyNew: fc.boolean() }))],
  deleteStream: [1, onStream],
  getStream: [2, onStream],
  describeStream: [3, all(onStream, fc.record({ limit: count }))],
  listEntries: [
    4,
    all(
      onStream,
      range,
      fc.record({ order: fc.constantFrom('asc', 'desc'), limit: count, waitMs: fc.constant(0) })
    )
  ],
  getEntry: [2, all(onStream, fc.record({ id: someId }))],
  readStreams: [
    3,
    fc.record({ streams: someStreams(fc.record({ after: position })), count, waitMs: fc.constant(0) })
  ],
  listGroups: [2, all(onStream, onePage)],
  getGroup: [3, onGroup],
  listConsumers: [3, all(onGroup, onePage)],
  listPending: [
    5,
    all(onGroup, range, fc.record({ limit: count, minIdleMs: idleMs }), sometimes(2, { consumer }))
  ],
  getPendingSummary: [3, all(onGroup, onePage)]
}

const operations = Object.entries(OPERATIONS).map(([kind, [weight, request]]) => ({
  weight,
  arbitrary: request.map((members) => ({ kind, ...members }) as Operation)
}))

const readAll: Step = {
  kind: 'readGroups',
  group: 'billing',
  consumer: 'ann',
  streams: [{ stream: 'orders' }],
  count: 1000,
  waitMs: 0,
  noAck: false
}

/** The start of a program. Most start with entries and groups. */
const beginning = weighted<Program>(
  [1, fc.constant([])],
  [4, fc.constant([...withGroups('orders', 4), ...withGroups('returns', 2)])],
  [1, fc.constant([...withGroups('orders', 25), readAll])]
)

const wait = fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3 }) })
/** Empties a stream, sets its last id back and appends earlier ids again. */
const startOver = fc
  .tuple(stream, fc.oneof(fc.constant('0-0'), knownId, plainId), fc.nat(4))
  .map(([stream, lastId, first]): Program => {
    const entries = [first, first + 1].map((index) => ({ id: `#${index}`, fields: { order: `${index}` } }))
    return [
      { kind: 'trimStream', stream, trim: { maxLength: 0, approximate: false } },
      { kind: 'setStreamId', stream, lastId },
      { kind: 'appendEntries', stream, createStream: false, entries }
    ]
  })
const steps = fc.oneof(
  ...operations.map(({ weight, arbitrary }) => ({
    weight,
    arbitrary: arbitrary.map((step): Program => [step])
  })),
  { weight: 4, arbitrary: wait.map((step): Program => [step]) },
  { weight: 2, arbitrary: startOver },
  { weight: 1, arbitrary: fc.constant<Program>([{ kind: 'reopen' }]) }
)

export const programs: fc.Arbitrary<Program> = fc
  .tuple(beginning, fc.array(steps, { minLength: 1, maxLength: 50, size: 'max' }))
  .map(([first, others]) => [...first, ...others.flat()])
  .map((program) => (program.some(({ kind }) => kind === 'reopen') ? program.map(trimExactly) : program))

/** After a restart, Weir continues in a new block, so approximate trims would remove other entries than in Redis. */
function trimExactly(step: Step): Step {
  if ((step.kind !== 'appendEntries' && step.kind !== 'trimStream') || step.trim === undefined) return step
  const { limit: _, ...trim } = step.trim
  return { ...step, trim: { ...trim, approximate: false } }
}

function withGroups(stream: string, size: number): Step[] {
  const entries = Array.from({ length: size }, (_, n) => ({
    id: `${1000 + Math.floor(n / 2)}-${n}`,
    fields: { order: `${n}` }
  }))
  const group = { kind: 'ensureGroup', stream, after: '0-0', createStream: false, onlyNew: true } as const
  return [
    { kind: 'appendEntries', stream, createStream: true, entries },
    { ...group, group: 'billing' },
    { ...group, group: 'audit' }
  ]
}

/** Makes relative ids relative to the previous entry of the append instead of the last entry of the stream. */
function ascending(entries: object[]): object[] {
  let sum = 0
  return entries.map((entry) => {
    if (!('id' in entry) || !/^\+/.test(String(entry.id))) return entry
    sum += Number(entry.id)
    return { ...entry, id: `+${sum}` }
  })
}

/** One stream, or both in any order. */
function someStreams(position: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  return fc.uniqueArray(all(onStream, position) as fc.Arbitrary<{ stream: string }>, {
    minLength: 1,
    maxLength: 2,
    selector: (one) => one.stream
  })
}
