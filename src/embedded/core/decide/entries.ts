import type {
  AppendEntry,
  AppendRequest,
  DeleteEntriesAnswer,
  Entry,
  Trim
} from '../../../contract/entries.ts'
import {
  compareIds,
  type EntryId,
  entryId,
  formatId,
  idMs,
  idSeq,
  MAX_ID,
  MAX_SEQ,
  nextId
} from '../../../contract/entry-id.ts'
import type { Created, StreamRef } from '../../../contract/refs.ts'
import type { SetStreamIdRequest } from '../../../contract/streams.ts'
import {
  entriesAddedTooLow,
  idNotGreater,
  idsExhausted,
  lastIdTooLow,
  maxDeletedIdTooHigh,
  streamExists
} from '../../../semantics/refusals.ts'
import type { Change } from '../change.ts'
import { distinct } from '../distinct.ts'
import { Stream } from '../stream.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/** Throws stream-exists if `onlyNew` is set and the stream exists. */
export function ensureStream(
  streams: Streams,
  request: StreamRef & { readonly onlyNew: boolean }
): Decision<Created> {
  if (!streams.has(request.stream)) {
    return { changes: [{ kind: 'streamCreated', stream: request.stream }], answer: { created: true } }
  }
  if (!request.onlyNew) return { changes: [], answer: { created: false } }
  throw streamExists(request.stream)
}

export function deleteStream(streams: Streams, request: StreamRef): Decision<void> {
  return { changes: [{ kind: 'streamDeleted', stream: streams.stream(request).name }], answer: undefined }
}

/** Follows Redis' rules for XSETID: no id of an existing or deleted entry is above the last id. */
export function setStreamId(streams: Streams, request: SetStreamIdRequest): Decision<void> {
  const { lastId } = request
  const stream = streams.stream(request)
  // "0-0" means that no entry was deleted. A caller cannot state that, so "0-0" keeps the current value.
  const maxDeletedId = request.maxDeletedId || stream.maxDeletedId
  const entriesAdded = request.entriesAdded ?? stream.entriesAdded
  const last = stream.highestId
  const lowest = last === null ? stream.maxDeletedId : max(last, stream.maxDeletedId, stream.deletedUpTo)
  if (lastId < lowest) throw lastIdTooLow(formatId(lowest))
  if (lastId < maxDeletedId) throw maxDeletedIdTooHigh()
  if (entriesAdded < stream.length) throw entriesAddedTooLow(stream.length)
  const change: Change = { kind: 'streamIdSet', stream: stream.name, lastId, entriesAdded, maxDeletedId }
  return { changes: [change], answer: undefined }
}

/** Throws id-not-greater, ids-exhausted. */
export function appendEntries(streams: Streams, request: AppendRequest, now: number): Decision<EntryId[]> {
  const { stream: name, createStream, trim } = request
  const existing = createStream ? streams.get(name) : streams.stream(request)
  const stream = existing ?? new Stream(name)
  const entries = withIds(request.entries, stream.lastId, now)
  const changes: Change[] = existing === undefined ? [{ kind: 'streamCreated', stream: name }] : []
  changes.push({ kind: 'appended', stream: name, entries })
  const trimmed = trim === undefined ? null : stream.planTrim(trim, entries)
  if (trimmed !== null) changes.push({ kind: 'trimmed', stream: name, ...trimmed })
  return { changes, answer: entries.map((entry) => entry.id) }
}

export function deleteEntries(
  streams: Streams,
  request: StreamRef & { ids: readonly EntryId[] }
): Decision<DeleteEntriesAnswer> {
  const stream = streams.stream(request)
  const ids: EntryId[] = []
  const bytes: number[] = []
  const notFound: EntryId[] = []
  for (const id of distinct(request.ids)) {
    const size = stream.loadForDelete(id)
    if (size === undefined) {
      notFound.push(id)
    } else {
      ids.push(id)
      bytes.push(size)
    }
  }
  const changes: Change[] =
    ids.length === 0 ? [] : [{ kind: 'entriesDeleted', stream: stream.name, ids, bytes }]
  return { changes, answer: { deleted: ids.length, notFound } }
}

export function trimStream(streams: Streams, request: StreamRef & { trim: Trim }): Decision<number> {
  const stream = streams.stream(request)
  const trimmed = stream.planTrim(request.trim, [])
  if (trimmed === null) return { changes: [], answer: 0 }
  return { changes: [{ kind: 'trimmed', stream: stream.name, ...trimmed }], answer: trimmed.count }
}

function withIds(entries: readonly AppendEntry[], lastId: EntryId, now: number): Entry[] {
  let last = lastId
  return entries.map((entry, index) => {
    last = chooseId(entry, last, now, index)
    return { id: last, fields: entry.fields }
  })
}

function chooseId(entry: AppendEntry, last: EntryId, now: number, index: number): EntryId {
  if (last === MAX_ID) throw idsExhausted(index, null)
  if (entry.id !== undefined) {
    if (entry.id > last) return entry.id
    throw idNotGreater(index, formatId(last))
  }
  if (entry.idMs === undefined) return nextId(last, now)
  if (entry.idMs > idMs(last)) return entryId(entry.idMs, 0n)
  if (entry.idMs < idMs(last)) throw idNotGreater(index, formatId(last))
  if (idSeq(last) < MAX_SEQ) return last + 1n
  throw idsExhausted(index, entry.idMs)
}

function max(...ids: EntryId[]): EntryId {
  return ids.reduce((a, b) => (compareIds(a, b) < 0 ? b : a))
}
