import { type EntryId, MIN_ID } from '../../../contract/entry-id.ts'
import type { EnsureGroupRequest, UpdateGroupRequest } from '../../../contract/groups.ts'
import type { ConsumerRef, Created, GroupRef } from '../../../contract/refs.ts'
import {
  consumerHasPending,
  consumerNotFound,
  groupExists,
  groupHasPending
} from '../../../semantics/refusals.ts'
import type { Change } from '../change.ts'
import type { GroupedStream } from '../group.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/** Changes nothing if the group exists. Throws group-exists if `onlyNew` is set and the group exists. */
export function ensureGroup(streams: Streams, request: EnsureGroupRequest): Decision<Created> {
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
  return { changes, answer: { created: true } }
}

/** Throws group-not-found. */
export function updateGroup(streams: Streams, request: UpdateGroupRequest): Decision<void> {
  const { after, entriesRead } = request
  const group = streams.group(request)
  const { stream, lastDeliveredId } = group
  const ref = { stream: stream.name, group: group.name }
  if (after !== undefined) {
    const position = { lastDeliveredId: resolve(after, stream), entriesRead: capped(entriesRead, stream) }
    return { changes: [{ kind: 'groupSet', ...ref, ...position }], answer: undefined }
  }
  if (entriesRead === undefined) return { changes: [], answer: undefined }
  // The group keeps its position. Its returned entries are still to be delivered, and the caller's count does
  // not include them.
  const ids = [...group.returned.ascend()]
  const position = { lastDeliveredId, entriesRead: capped(entriesRead + ids.length, stream) }
  const changes: Change[] = [{ kind: 'groupSet', ...ref, ...position }]
  if (ids.length > 0) changes.push({ kind: 'returned', ...ref, ids })
  return { changes, answer: undefined }
}

/** Throws group-has-pending. */
export function deleteGroup(
  streams: Streams,
  request: GroupRef & { readonly dropPending: boolean }
): Decision<void> {
  const { stream, group } = request
  const pending = streams.group(request).pending.size
  if (pending > 0 && !request.dropPending) throw groupHasPending(group, pending)
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

/** Throws consumer-not-found, consumer-has-pending. */
export function deleteConsumer(
  streams: Streams,
  request: ConsumerRef & { readonly dropPending: boolean }
): Decision<number> {
  const { stream, group, consumer } = request
  const found = streams.group(request)
  const owner = found.consumer(consumer)
  if (owner === undefined) throw consumerNotFound(group, consumer)
  const pending = found.pending.sizeOf(owner)
  if (pending > 0 && !request.dropPending) throw consumerHasPending(consumer, pending)
  return { changes: [{ kind: 'consumerDeleted', stream, group, consumer }], answer: pending }
}

function resolve(after: EntryId | 'last', stream: GroupedStream | undefined): EntryId {
  return after === 'last' ? (stream?.lastId ?? MIN_ID) : after
}

/** Caps the count at the number of entries ever appended. Null (unknown) if no count is given. */
function capped(entriesRead: number | undefined, stream: GroupedStream | undefined): number | null {
  return entriesRead === undefined ? null : Math.min(entriesRead, stream?.entriesAdded ?? 0)
}
