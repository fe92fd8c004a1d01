import type { DeleteConsumerRequest } from '../../../contract/consumers.ts'
import type { DeliveryPolicy } from '../../../contract/delivery-policy.ts'
import { type EntryId, MIN_ID } from '../../../contract/entry-id.ts'
import type { EnsureGroupRequest, UpdateGroupRequest } from '../../../contract/groups.ts'
import type { ConsumerRef, Created, GroupRef } from '../../../contract/refs.ts'
import { checkPolicy, policyOrNull, refuseCycle } from '../../../semantics/delivery-policy.ts'
import {
  consumerHasPending,
  consumerNotFound,
  groupExists,
  groupHasPending
} from '../../../semantics/refusals.ts'
import type { Change } from '../change.ts'
import type { Group, GroupedStream } from '../group.ts'
import type { Stream } from '../stream.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/**
 * Changes nothing if the group exists. Throws group-exists if `onlyNew` is set and the group exists,
 * dead-letter-cycle, and invalid-request (a policy that contradicts itself).
 */
export function ensureGroup(streams: Streams, request: EnsureGroupRequest, now: number): Decision<Created> {
  const { stream: name, group, after, createStream, onlyNew } = request
  const stream = createStream ? streams.get(name) : streams.stream(request)
  if (stream?.groups.has(group)) {
    if (!onlyNew) return { changes: [], answer: { created: false } }
    throw groupExists(name, group)
  }
  const changes: Change[] = stream === undefined ? [{ kind: 'streamCreated', stream: name }] : []
  changes.push({
    kind: 'groupSet',
    stream: name,
    group,
    lastDeliveredId: resolve(after, stream),
    entriesRead: capped(request.entriesRead, stream)
  })
  const policy = checkedPolicy(streams, name, request.delivery)
  if (policy !== null) changes.push({ kind: 'policySet', stream: name, group, at: now, policy })
  return { changes, answer: { created: true } }
}

/** Throws group-not-found, dead-letter-cycle, invalid-request (a policy that contradicts itself). */
export function updateGroup(streams: Streams, request: UpdateGroupRequest, now: number): Decision<void> {
  const { stream, group, delivery } = request
  const changes = moves(streams.group(request), request)
  if (delivery !== undefined) {
    const policy = checkedPolicy(streams, stream, delivery)
    changes.push({ kind: 'policySet', stream, group, at: now, policy })
  }
  return { changes, answer: undefined }
}

/** Moves a group to another position. */
function moves(group: Group, { after, entriesRead }: UpdateGroupRequest): Change[] {
  const { stream, lastDeliveredId } = group
  const ref = { stream: stream.name, group: group.name }
  if (after !== undefined) {
    const position = { lastDeliveredId: resolve(after, stream), entriesRead: capped(entriesRead, stream) }
    return [{ kind: 'groupSet', ...ref, ...position }]
  }
  if (entriesRead === undefined) return []
  // The group keeps its position. Its returned entries are still to be delivered, and the caller's count does
  // not include them.
  const ids = [...group.returned.ascend()]
  const position = { lastDeliveredId, entriesRead: capped(entriesRead + ids.length, stream) }
  const changes: Change[] = [{ kind: 'groupSet', ...ref, ...position }]
  if (ids.length > 0) changes.push({ kind: 'returned', ...ref, ids })
  return changes
}

/** Returns null for a policy without members. Throws dead-letter-cycle, invalid-request. */
function checkedPolicy(
  streams: Streams,
  stream: string,
  delivery: DeliveryPolicy | undefined
): DeliveryPolicy | null {
  const policy = policyOrNull(delivery)
  if (policy === null) return null
  checkPolicy(policy)
  const { deadLetterStream } = policy
  if (deadLetterStream !== undefined) {
    refuseCycle(stream, deadLetterStream, (name) => deadLetterStreamsOf(streams.get(name)))
  }
  return policy
}

function deadLetterStreamsOf(stream: Stream | undefined): string[] {
  const groups = stream === undefined ? [] : [...stream.groups.values()]
  return groups.flatMap(({ policy }) => policy?.deadLetterStream ?? [])
}

/** Throws group-has-pending. */
export function deleteGroup(
  streams: Streams,
  request: GroupRef & { readonly dropPending: boolean }
): Decision<void> {
  const { stream, group } = request
  const { pending, dead } = streams.group(request)
  const held = pending.size + dead.size
  if (held > 0 && !request.dropPending) throw groupHasPending(group, held)
  return { changes: [{ kind: 'groupDeleted', stream, group }], answer: undefined }
}

/** Changes nothing if the consumer exists. */
export function ensureConsumer(streams: Streams, request: ConsumerRef, now: number): Decision<Created> {
  const { stream, group, consumer } = request
  if (streams.group(request).consumer(consumer) !== undefined) {
    return { changes: [], answer: { created: false } }
  }
  return { changes: [{ kind: 'consumerSeen', stream, group, consumer, at: now }], answer: { created: true } }
}

/** Throws consumer-not-found, consumer-has-pending unless its pending entries are dropped. */
export function deleteConsumer(streams: Streams, request: DeleteConsumerRequest): Decision<number> {
  const { stream, group, consumer } = request
  const found = streams.group(request)
  const owner = found.consumer(consumer)
  if (owner === undefined) throw consumerNotFound(group, consumer)
  const pending = found.pending.sizeOf(owner)
  if (pending > 0 && request.pending !== 'drop') throw consumerHasPending(consumer, pending)
  return { changes: [{ kind: 'consumerDeleted', stream, group, consumer }], answer: pending }
}

function resolve(after: EntryId | 'last', stream: GroupedStream | undefined): EntryId {
  return after === 'last' ? (stream?.lastId ?? MIN_ID) : after
}

/** Caps the count at the number of entries ever appended. Null (unknown) if no count is given. */
function capped(entriesRead: number | undefined, stream: GroupedStream | undefined): number | null {
  return entriesRead === undefined ? null : Math.min(entriesRead, stream?.entriesAdded ?? 0)
}
