import fc from 'fast-check'
import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import type { Entry } from '../../src/contract/entries.ts'
import { type EntryId, MAX_ID, MAX_SEQ } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'

/** Every valid name, and many more: with characters of one to four bytes, and with many characters. */
export const name: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('orders', 'billing', 'ann', 'größe', '注文', '📦📦'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 256 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }).filter((text) => !/\p{Surrogate}/u.test(text)),
  fc.integer({ min: 60, max: 70 }).map((length) => 'n'.repeat(length))
)

/** Ids of the whole range, often at its ends. */
export const id: fc.Arbitrary<EntryId> = fc.oneof(
  fc.bigInt({ min: 0n, max: MAX_ID }),
  fc.constantFrom(0n, 1n, MAX_SEQ, MAX_SEQ + 1n, MAX_ID - 1n, MAX_ID)
)

/** Lists of ids: random ones, and ascending ones with small or large gaps. */
export const ids: fc.Arbitrary<EntryId[]> = fc.oneof(
  fc.array(id, { maxLength: 20 }),
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: MAX_ID >> 1n }),
      fc.array(fc.bigInt({ min: 1n, max: 2n ** 60n }), { maxLength: 20 })
    )
    .map(([first, steps]) =>
      steps.map((_, i) => steps.slice(0, i + 1).reduce((at, step) => at + step, first))
    )
)

/** A count or a time: small ones, large ones, and those at which the encoding gets another byte. */
export const count: fc.Arbitrary<number> = fc.oneof(
  fc.nat(1000),
  fc.maxSafeNat(),
  fc.integer({ min: 1, max: 53 }).map((bits) => 2 ** bits - 1),
  fc.integer({ min: 0, max: 52 }).map((bits) => 2 ** bits)
)

/** Any bytes: a journal does not interpret fields. */
const fields: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 150 }).map((bytes) => Buffer.from(bytes))

const entry: fc.Arbitrary<Entry> = fc.record({ id, fields })
const group = { stream: name, group: name }
const consumer = { ...group, consumer: name }
const countOrNull = fc.option(count)

/** Any members with any values: a journal does not interpret them. */
const policy: fc.Arbitrary<DeliveryPolicy> = fc
  .record(
    {
      ackTimeoutMs: count,
      maxDeliveries: count,
      retryDelaysMs: fc.array(count, { minLength: 1, maxLength: 40 }),
      deadLetterStream: name,
      deadLetterMaxLength: count,
      consumerTtlMs: count,
      maxPending: count,
      maxPendingPerConsumer: count
    },
    { requiredKeys: [] }
  )
  .filter((members) => Object.keys(members).length > 0)

/** Members of a change that exist only in memory. */
type Unstored = 'isCut'

function kind<K extends Change['kind']>(
  kind: K,
  members: { [M in Exclude<keyof Extract<Change, { kind: K }>, 'kind' | Unstored>]: fc.Arbitrary<unknown> }
): fc.Arbitrary<Change> {
  return fc.record({ kind: fc.constant(kind), ...members }) as fc.Arbitrary<Change>
}

/** A change of each kind. A missing kind does not compile. */
export const changeOf = {
  streamCreated: kind('streamCreated', { stream: name }),
  streamDeleted: kind('streamDeleted', { stream: name }),
  streamIdSet: kind('streamIdSet', { stream: name, lastId: id, entriesAdded: count, maxDeletedId: id }),
  appended: kind('appended', { stream: name, entries: fc.array(entry, { maxLength: 8 }) }),
  entriesDeleted: fc
    .tuple(name, fc.array(fc.tuple(id, count), { maxLength: 20 }))
    .map(([stream, entries]) => ({
      kind: 'entriesDeleted' as const,
      stream,
      ids: entries.map(([id]) => id),
      bytes: entries.map(([, bytes]) => bytes)
    })),
  trimmed: kind('trimmed', { stream: name, upTo: id, count, bytes: count, firstId: fc.option(id) }),
  entriesDeletedV1: kind('entriesDeletedV1', { stream: name, ids }),
  trimmedV1: kind('trimmedV1', { stream: name, count }),
  groupSet: kind('groupSet', { ...group, lastDeliveredId: id, entriesRead: countOrNull }),
  groupDeleted: kind('groupDeleted', group),
  consumerSeen: kind('consumerSeen', { ...consumer, at: count }),
  consumerDeleted: kind('consumerDeleted', consumer),
  delivered: kind('delivered', {
    ...consumer,
    at: count,
    ids,
    noAck: fc.boolean(),
    lastDeliveredId: id,
    entriesRead: countOrNull
  }),
  claimed: kind('claimed', {
    ...consumer,
    activeAt: countOrNull,
    claims: fc.array(fc.record({ id, deliveredAt: count, deliveries: count }), { maxLength: 20 })
  }),
  acked: kind('acked', { ...group, ids }),
  returned: kind('returned', { ...group, ids }),
  policySet: kind('policySet', { ...group, at: count, policy: fc.option(policy) }),
  nacked: kind('nacked', {
    ...group,
    nacks: fc.array(fc.record({ id, dueAt: count, deliveries: count }), { maxLength: 20 })
  }),
  died: kind('died', {
    ...group,
    deaths: fc.array(
      fc.record({
        id,
        deliveries: count,
        consumer: fc.option(name),
        reason: fc.option(name),
        deadAt: count
      }),
      { maxLength: 20 }
    )
  })
} satisfies Record<Change['kind'], fc.Arbitrary<Change>>

export const change: fc.Arbitrary<Change> = fc.oneof(...Object.values(changeOf))
export const changes: fc.Arbitrary<Change[]> = fc.array(change, { minLength: 1, maxLength: 8 })
