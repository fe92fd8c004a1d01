import fc from 'fast-check'
import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import { type EntryId, entryId, MAX_ID } from '../../src/contract/entry-id.ts'
import { EngineError } from '../../src/contract/errors.ts'
import type { NackOutcome } from '../../src/contract/pending.ts'
import * as entries from '../../src/embedded/core/decide/entries.ts'
import { extendEntries } from '../../src/embedded/core/decide/extend.ts'
import * as groups from '../../src/embedded/core/decide/groups.ts'
import * as nacks from '../../src/embedded/core/decide/nacks.ts'
import * as pending from '../../src/embedded/core/decide/pending.ts'
import type { GroupDelivery } from '../../src/embedded/core/decide/reading.ts'
import { readGroups } from '../../src/embedded/core/decide/reads.ts'
import { redriveDead, redriveLetters } from '../../src/embedded/core/decide/redrive.ts'
import { buryLapsed, deleteUnseen, NOTHING_EXAMINED } from '../../src/embedded/core/decide/upkeep.ts'
import { Core, fieldsJson } from './core.ts'

/** One operation of a random program. */
export type Step = (core: Core, given: GroupDelivery[]) => void

const stream = fc.constantFrom('orders', 'orders', 'orders', 'returns')
const group = fc.constantFrom('billing', 'billing', 'billing', 'audit')
const consumer = fc.constantFrom('ann', 'bob', 'carl')
const groupRef = fc.record({ stream, group })
const consumerRef = fc.record({ stream, group, consumer })
/** So few ids that programs use the same ones again. */
const someId: fc.Arbitrary<EntryId> = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fc.nat(12), fc.nat(2)).map(([ms, seq]) => entryId(1000 + ms, seq)) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, MAX_ID - 1n, MAX_ID) }
)
/** Indexes of ids that were appended, which are looked up when the operation runs. */
const picks = fc.array(fc.oneof(fc.nat(30), fc.nat(600)), { minLength: 1, maxLength: 6 })
const count = fc.integer({ min: 1, max: 4 })
const bigCount = fc.constantFrom(0, 1, 5, Number.MAX_SAFE_INTEGER)

function picked(core: Core, stream: string, indexes: readonly number[]): EntryId[] {
  const known = core.changes.flatMap((change) =>
    change.kind === 'appended' && change.stream === stream ? change.entries.map((entry) => entry.id) : []
  )
  return indexes.map((index) => known[index % Math.max(1, known.length)] ?? entryId(1, index))
}

function clamp(id: bigint): EntryId {
  return id < 0n ? 0n : id > MAX_ID ? MAX_ID : id
}

function optional<T, K extends string>(key: K, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<{ [P in K]?: T }> {
  return fc.option(arbitrary).map((value) => (value === null ? {} : { [key]: value })) as fc.Arbitrary<{
    [P in K]?: T
  }>
}

function merged<A extends object, B extends object>(
  a: fc.Arbitrary<A>,
  b: fc.Arbitrary<B>
): fc.Arbitrary<A & B> {
  return fc.tuple(a, b).map(([left, right]) => ({ ...left, ...right }))
}

const trim = merged(
  fc.record({ approximate: fc.boolean() }),
  fc.oneof(
    fc.record({ maxLength: fc.oneof(fc.integer({ min: 2, max: 12 }), fc.nat(400)) }),
    fc.record({ minId: someId })
  )
)
const place = fc.oneof<fc.Arbitrary<EntryId | 'last'>[]>(
  someId,
  fc.constant('last' as const),
  fc.constant(0n)
)

const append = merged(
  fc.record({
    stream,
    createStream: fc.boolean(),
    entries: fc.array(
      merged(
        fc.record({ fields: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }).map(fieldsJson) }),
        fc.oneof(
          { weight: 6, arbitrary: fc.constant({}) },
          { weight: 2, arbitrary: fc.record({ id: someId }) },
          { weight: 1, arbitrary: fc.record({ idMs: fc.bigInt(1000n, 1020n) }) }
        )
      ),
      { minLength: 1, maxLength: 4 }
    )
  }),
  fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.record({ trim }) })
)
const read = merged(
  merged(
    fc.record({ group, consumer, count, noAck: fc.boolean(), waitMs: fc.constant(0) }),
    optional('claimIdleMs', fc.nat(5))
  ),
  fc.record({
    streams: fc.uniqueArray(merged(fc.record({ stream }), optional('after', someId)), {
      minLength: 1,
      selector: (named) => named.stream
    })
  })
)
const claim = merged(
  merged(consumerRef, fc.record({ picks, minIdleMs: fc.nat(5), force: fc.boolean(), justIds: fc.boolean() })),
  fc
    .tuple(optional('idleMs', fc.nat(2000)), optional('deliveries', bigCount), optional('lastId', someId))
    .map((parts) => Object.assign({}, ...parts))
)

/** So short times that programs see them pass. */
const policy: fc.Arbitrary<DeliveryPolicy> = fc
  .tuple(
    optional('ackTimeoutMs', fc.integer({ min: 1, max: 9 })),
    optional('maxDeliveries', fc.integer({ min: 1, max: 3 })),
    optional('retryDelaysMs', fc.array(fc.nat(5), { minLength: 1, maxLength: 3 })),
    optional('deadLetterStream', fc.constant('letters')),
    optional('consumerTtlMs', fc.integer({ min: 1, max: 20 })),
    optional('maxPending', fc.integer({ min: 1, max: 5 })),
    optional('maxPendingPerConsumer', fc.integer({ min: 1, max: 3 }))
  )
  .map((parts) => Object.assign({}, ...parts))
const nack = merged(
  merged(
    groupRef,
    fc.record({ picks, outcome: fc.constantFrom<NackOutcome[]>('retry', 'release', 'reject') })
  ),
  fc
    .tuple(optional('consumer', consumer), optional('delayMs', fc.nat(5)), optional('reason', fc.string()))
    .map((parts) => Object.assign({}, ...parts))
)

const steps: fc.WeightedArbitrary<Step>[] = [
  {
    // Enough for several blocks.
    weight: 1,
    arbitrary: fc
      .record({ stream, size: fc.integer({ min: 100, max: 300 }) })
      .map(({ stream: name, size }) => (c) => {
        const batch = Array.from({ length: size }, (_, n) => ({ fields: fieldsJson({ n: `${n}` }) }))
        c.commit(entries.appendEntries(c.streams, { stream: name, createStream: true, entries: batch }, c.at))
      })
  },
  {
    weight: 8,
    arbitrary: append.map((request) => (c) => c.commit(entries.appendEntries(c.streams, request, c.at)))
  },
  {
    weight: 3,
    arbitrary: merged(
      merged(groupRef, fc.record({ after: place, createStream: fc.boolean(), onlyNew: fc.boolean() })),
      optional('entriesRead', bigCount)
    ).map((request) => (c) => c.commit(groups.ensureGroup(c.streams, request, c.at)))
  },
  {
    weight: 12,
    arbitrary: read.map((request) => (c, given) => {
      given.push(...c.commit(readGroups(c.streams, request, c.at, c.pendingLeft)).deliveries)
    })
  },
  { weight: 4, arbitrary: fc.nat(5).map((back) => (c, given) => c.undo(given.splice(-1 - back, 1))) },
  {
    weight: 5,
    arbitrary: merged(fc.record({ stream, group, picks }), optional('consumer', consumer)).map(
      (request) => (c) =>
        c.commit(pending.ackEntries(c.streams, { ...request, ids: picked(c, request.stream, request.picks) }))
    )
  },
  {
    weight: 4,
    arbitrary: claim.map(
      (request) => (c) =>
        c.commit(
          pending.claimEntries(c.streams, { ...request, ids: picked(c, request.stream, request.picks) }, c.at)
        )
    )
  },
  {
    weight: 2,
    arbitrary: merged(
      consumerRef,
      fc.record({ minIdleMs: fc.nat(5), from: someId, count, justIds: fc.boolean() })
    ).map((request) => (c) => c.commit(pending.autoClaimEntries(c.streams, request, c.at)))
  },
  {
    weight: 3,
    arbitrary: fc.record({ stream, picks }).map((request) => (c) => {
      const ids = picked(c, request.stream, request.picks)
      c.commit(entries.deleteEntries(c.streams, { stream: request.stream, ids }))
    })
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ stream, trim })
      .map((request) => (c) => c.commit(entries.trimStream(c.streams, request)))
  },
  {
    weight: 1,
    arbitrary: merged(groupRef, optional('after', place)).map(
      (request) => (c) => c.commit(groups.updateGroup(c.streams, request, c.at))
    )
  },
  {
    weight: 1,
    arbitrary: groupRef.map(
      (ref) => (c) => c.commit(groups.deleteGroup(c.streams, { ...ref, dropPending: true }))
    )
  },
  {
    weight: 1,
    arbitrary: merged(consumerRef, fc.record({ pending: fc.constantFrom('keep', 'drop') })).map(
      (request) => (c) => c.commit(groups.deleteConsumer(c.streams, request))
    )
  },
  {
    weight: 1,
    arbitrary: consumerRef.map((ref) => (c) => c.commit(groups.ensureConsumer(c.streams, ref, c.at)))
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        stream,
        fc.oneof(someId, fc.integer({ min: -4, max: 9 })),
        optional('entriesAdded', bigCount),
        optional('maxDeletedId', someId)
      )
      .map(([name, to, ...counters]) => (c) => {
        // A number is relative to the stream's last id.
        const last = c.streams.get(name)?.lastId ?? 0n
        const lastId = typeof to === 'bigint' ? to : clamp(last + BigInt(to))
        c.commit(entries.setStreamId(c.streams, Object.assign({ stream: name, lastId }, ...counters)))
      })
  },
  {
    weight: 1,
    arbitrary: stream.map((name) => (c) => c.commit(entries.deleteStream(c.streams, { stream: name })))
  },
  {
    weight: 3,
    arbitrary: merged(groupRef, fc.record({ delivery: policy })).map(
      (request) => (c) => c.commit(groups.updateGroup(c.streams, request, c.at))
    )
  },
  {
    weight: 5,
    arbitrary: nack.map(
      (request) => (c) =>
        c.commit(
          nacks.nackEntries(
            c.streams,
            { ...request, ids: picked(c, request.stream, request.picks) },
            c.at,
            () => 0.5
          )
        )
    )
  },
  {
    weight: 2,
    arbitrary: consumerRef.map((request) => (c) => c.commit(extendEntries(c.streams, request, c.at)))
  },
  {
    weight: 1,
    arbitrary: consumerRef.map((request) => (c) => c.commit(nacks.releaseAndDelete(c.streams, request, c.at)))
  },
  {
    weight: 3,
    arbitrary: groupRef.map((ref) => (c) => {
      const group = c.streams.group(ref)
      c.commit(buryLapsed(c.streams, group, NOTHING_EXAMINED, c.at))
      c.commit(deleteUnseen(group, null, c.at))
    })
  },
  {
    weight: 2,
    arbitrary: merged(groupRef, fc.record({ limit: count })).map((ref) => (c) => {
      const request = { ...ref, from: 0n, wanted: null }
      c.commit(redriveDead(c.streams, request, c.at))
      c.commit(redriveLetters(c.streams, { ...request, deadLetterStream: 'letters' }, c.at))
    })
  },
  {
    weight: 6,
    arbitrary: fc.integer({ min: -3, max: 9 }).map((ms) => (c) => {
      c.at += ms
    })
  }
]

/** A program of operations that affect each other: few names, few ids, and a clock that sometimes goes back. */
export const program: fc.Arbitrary<Step[]> = fc.array(fc.oneof(...steps), { maxLength: 80, size: 'max' })

/** Runs a program on streams with entries and groups. Refusals are ignored. `watch` is called after each operation. */
export function run(steps: readonly Step[], watch: (core: Core) => void = () => {}): Core {
  const core = new Core()
  for (const _ of running(core, steps)) watch(core)
  return core
}

/** The same on a given core. Yields after each operation. */
export function* running(core: Core, steps: readonly Step[]): Generator<void, undefined> {
  core.append(['1000-0', '1000-1', '1001-0', '1001-1', '1002-0', '1003-0'])
  core.group('billing')
  core.group('audit')
  const given: GroupDelivery[] = []
  for (const step of steps) {
    try {
      step(core, given)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
    }
    yield
  }
}
