import type { ReadGroupsRequest } from '../../src/contract/deliveries.ts'
import type { DeliveryPolicy } from '../../src/contract/delivery-policy.ts'
import type { AppendEntry, Trim } from '../../src/contract/entries.ts'
import { idMs, MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import type { Call } from './crash-calls.ts'
import type { KnownIds } from './crash-known-ids.ts'

const encoder = new TextEncoder()

/** A random request. */
export function nextCall(known: KnownIds): Call {
  let left = known.random.integer(1, TOTAL_WEIGHT)
  for (const [weight, make] of KINDS) {
    left -= weight
    if (left <= 0) return make(known)
  }
  throw new Error('The weights do not add up')
}

const KINDS: readonly (readonly [weight: number, make: (known: KnownIds) => Call])[] = [
  [24, (known) => append(known, 4, 60)],
  // Several blocks, with many entries each or with one: enough for a checkpoint of several slices.
  [1, (known) => append(known, 250, 20)],
  [1, (known) => append(known, 40, 16_000)],
  [26, read],
  [14, ack],
  [6, claim],
  [6, nack],
  [2, extend],
  [3, autoClaim],
  [5, deleteEntries],
  [4, (known) => ({ name: 'trimStream', request: { stream: known.stream, trim: trim(known) } })],
  [1, ({ stream }) => ({ name: 'ensureStream', request: { stream, onlyNew: false } })],
  [1, setStreamId],
  [4, ensureGroup],
  [3, updateGroup],
  [1, ({ group, consumer }) => ({ name: 'ensureConsumer', request: { ...group, consumer } })],
  [1, deleteConsumer],
  [1, deletion],
  [5, query]
]

const TOTAL_WEIGHT = KINDS.reduce((sum, [weight]) => sum + weight, 0)

function append(known: KnownIds, maxEntries: number, maxBytes: number): Call {
  const { random, stream } = known
  const entries = Array.from({ length: random.integer(1, maxEntries) }, (): AppendEntry => {
    const pad = 'x'.repeat(random.integer(0, maxBytes))
    const fields = encoder.encode(JSON.stringify({ n: String(random.integer(0, 1e9)), pad }))
    if (random.once(60)) return { fields, idMs: idMs(known.id(stream)) + BigInt(random.integer(0, 2)) }
    if (random.once(60)) return { fields, id: known.id(stream) + BigInt(random.integer(0, 9)) }
    return { fields }
  })
  const request = { stream, createStream: !random.once(10), entries }
  return { name: 'appendEntries', request: random.once(15) ? { ...request, trim: trim(known) } : request }
}

/** An exact trim. What an approximate one removes depends on where blocks begin, which only the engine knows. */
function trim(known: KnownIds): Trim {
  if (known.random.once(3)) return { minId: known.id('orders'), approximate: false }
  return { maxLength: known.random.oneOf(0, 10, 100, 300), approximate: false }
}

function read(known: KnownIds): Call {
  const { random, consumer, group } = known
  const after = random.once(5) ? { after: random.once(2) ? MIN_ID : known.id(group.stream) } : {}
  const request: ReadGroupsRequest = {
    group: group.group,
    consumer,
    count: random.oneOf(1, 3, 10, 70),
    waitMs: random.once(3) ? random.integer(1, 10) : 0,
    noAck: random.once(8),
    streams: [{ stream: group.stream, ...after }],
    ...(random.once(6) && { claimIdleMs: random.oneOf(0, 5, 50) })
  }
  const both = [{ stream: 'returns' }, { stream: 'orders', ...after }]
  return { name: 'readGroups', request: random.once(8) ? { ...request, streams: both } : request }
}

function ack(known: KnownIds): Call {
  const { random, consumer, group } = known
  const ids = known.ids(group.stream, random.oneOf(3, 20, 100))
  return { name: 'ackEntries', request: { ...group, ids, ...(random.once(3) && { consumer }) } }
}

function nack(known: KnownIds): Call {
  const { random, consumer, group } = known
  const outcome = random.oneOf('retry' as const, 'release' as const, 'reject' as const)
  const request = {
    ...group,
    ids: known.ids(group.stream, random.oneOf(3, 20)),
    outcome,
    ...(random.once(3) && { consumer }),
    ...(outcome === 'retry' && { delayMs: random.oneOf(0, 5, 100) }),
    ...(random.once(2) && { reason: 'no stock' })
  }
  return { name: 'nackEntries', request }
}

function extend(known: KnownIds): Call {
  const { random, consumer, group } = known
  const ids = random.once(2) ? { ids: known.ids(group.stream, 20) } : {}
  return { name: 'extendEntries', request: { ...group, consumer, ...ids } }
}

/** A policy that lets nothing happen by itself: the history contains what was requested. */
function delivery({ random }: KnownIds): DeliveryPolicy {
  return {
    ...(random.once(2) && { deadLetterStream: 'letters', deadLetterMaxLength: random.oneOf(1, 20, 1000) }),
    ...(random.once(3) && { maxPending: random.oneOf(5, 100) }),
    ...(random.once(3) && { maxPendingPerConsumer: random.oneOf(3, 50) })
  }
}

function claim(known: KnownIds): Call {
  const { random, consumer, group } = known
  const request = {
    ...group,
    consumer,
    ids: known.ids(group.stream, 8),
    force: random.once(3),
    justIds: random.once(3),
    minIdleMs: random.oneOf(0, 0, 5),
    ...(random.once(4) && { deliveries: random.oneOf(0, 7, Number.MAX_SAFE_INTEGER) }),
    ...(random.once(4) && { idleMs: random.oneOf(1, 1000) }),
    ...(random.once(8) && { lastId: known.id(group.stream) })
  }
  return { name: 'claimEntries', request }
}

function autoClaim(known: KnownIds): Call {
  const { random, consumer, group } = known
  const from = random.once(2) ? MIN_ID : known.id(group.stream)
  const request = { ...group, consumer, from, count: random.oneOf(1, 10, 100) }
  return {
    name: 'autoClaimEntries',
    request: { ...request, minIdleMs: random.oneOf(0, 5, 50), justIds: random.once(4) }
  }
}

function deleteEntries(known: KnownIds): Call {
  const { stream, random } = known
  return { name: 'deleteEntries', request: { stream, ids: known.ids(stream, random.oneOf(3, 30)) } }
}

/** Lowers the id, too, which only an empty stream allows. */
function setStreamId(known: KnownIds): Call {
  const { stream, random } = known
  const lastId = random.once(2) ? known.id(stream) : known.id(stream) + BigInt(random.integer(0, 500))
  const entriesAdded = random.once(2) ? { entriesAdded: random.integer(0, 1000) } : {}
  return { name: 'setStreamId', request: { stream, lastId, ...entriesAdded } }
}

function ensureGroup(known: KnownIds): Call {
  const { random, group } = known
  const after = random.oneOf<bigint | 'last'>(MIN_ID, MIN_ID, 'last', known.id(group.stream))
  const entriesRead = random.once(4) ? { entriesRead: random.integer(0, 50) } : {}
  return {
    name: 'ensureGroup',
    request: { ...group, after, createStream: random.once(2), onlyNew: random.once(8), ...entriesRead }
  }
}

function updateGroup(known: KnownIds): Call {
  const { random, group } = known
  const after = random.once(2) ? { after: random.oneOf<bigint | 'last'>('last', known.id(group.stream)) } : {}
  const entriesRead = random.once(2) ? { entriesRead: random.integer(0, 50) } : {}
  const policy = random.once(2) ? { delivery: delivery(known) } : {}
  return { name: 'updateGroup', request: { ...group, ...after, ...entriesRead, ...policy } }
}

function deleteConsumer({ group, consumer, random }: KnownIds): Call {
  return {
    name: 'deleteConsumer',
    request: { ...group, consumer, pending: random.once(2) ? 'drop' : 'keep' }
  }
}

function deletion({ stream, group, random }: KnownIds): Call {
  if (random.once(3)) return { name: 'deleteStream', request: { stream } }
  return { name: 'deleteGroup', request: { ...group, dropPending: random.once(2) } }
}

function query(known: KnownIds): Call {
  const { random, group, stream } = known
  switch (random.integer(1, 6)) {
    case 1:
      return { name: 'getStream', request: { stream } }
    case 2:
      return { name: 'describeStream', request: { stream, limit: 5 } }
    case 3:
      return { name: 'listPending', request: { ...group, from: MIN_ID, to: MAX_ID, limit: 20, minIdleMs: 0 } }
    case 4:
      return { name: 'getPendingSummary', request: { ...group, limit: 1000 } }
    case 5:
      return { name: 'listConsumers', request: { ...group, limit: 1000 } }
    default: {
      const [from, to, order] = [known.id(stream), MAX_ID, random.oneOf('asc' as const, 'desc' as const)]
      return { name: 'listEntries', request: { stream, from, to, order, limit: 50, waitMs: 0 } }
    }
  }
}
