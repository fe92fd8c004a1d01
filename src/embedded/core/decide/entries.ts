import type {
  AppendEntry,
  AppendRequest,
  Created,
  DeleteEntriesAnswer,
  Entry,
  SetStreamIdRequest,
  StreamRef,
  Trim
} from '../../../engine.ts'
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
} from '../../../entry-id.ts'
import { EngineError } from '../../../errors.ts'
import type { Change } from '../change.ts'
import { distinct } from '../distinct.ts'
import { Stream } from '../stream.ts'
import type { Streams } from '../streams.ts'
import type { Decision } from './decision.ts'

/** Throws stream-exists when it may only make a new one. */
export function ensureStream(
  streams: Streams,
  request: StreamRef & { readonly onlyNew: boolean }
): Decision<Created> {
  if (!streams.has(request.stream)) {
    return { changes: [{ kind: 'streamCreated', stream: request.stream }], answer: { created: true } }
  }
  if (!request.onlyNew) return { changes: [], answer: { created: false } }
  throw new EngineError('stream-exists', `Stream "${request.stream}" already exists`)
}

export function deleteStream(streams: Streams, request: StreamRef): Decision<void> {
  return { changes: [{ kind: 'streamDeleted', stream: streams.stream(request).name }], answer: undefined }
}

/** Redis' rules for XSETID: the ids that exist, and those that were deleted, do not lie above the last id. */
export function setStreamId(streams: Streams, request: SetStreamIdRequest): Decision<void> {
  const { lastId } = request
  const stream = streams.stream(request)
  // "0-0" says that none was deleted, and that is not for a caller to say: it leaves the mark where it is.
  const maxDeletedId = request.maxDeletedId || stream.maxDeletedId
  const entriesAdded = request.entriesAdded ?? stream.entriesAdded
  const last = stream.highestId
  const floor = last === null ? stream.maxDeletedId : max(last, stream.maxDeletedId, stream.deletedUpTo)
  if (lastId < floor) {
    throw new EngineError('id-not-greater', `"lastId" must not be less than ${formatId(floor)}`, {
      pointer: '/lastId'
    })
  }
  if (lastId < maxDeletedId) {
    throw new EngineError('invalid-request', '"maxDeletedId" must not be greater than "lastId"', {
      pointer: '/maxDeletedId'
    })
  }
  if (entriesAdded < stream.length) {
    throw new EngineError(
      'invalid-request',
      `"entriesAdded" must not be less than the length of the stream, ${stream.length}`,
      {
        pointer: '/entriesAdded'
      }
    )
  }
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
    const size = stream.hold(id)
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
    last = chooseId(entry, last, now, `/entries/${index}/id`)
    return { id: last, fields: entry.fields }
  })
}

function chooseId(entry: AppendEntry, last: EntryId, now: number, pointer: string): EntryId {
  if (last === MAX_ID) throw exhausted('The stream has used the highest possible id', pointer)
  if (entry.id !== undefined) {
    if (entry.id > last) return entry.id
    throw notGreater(last, pointer)
  }
  if (entry.idMs === undefined) return nextId(last, now)
  if (entry.idMs > idMs(last)) return entryId(entry.idMs, 0n)
  if (entry.idMs < idMs(last)) throw notGreater(last, pointer)
  if (idSeq(last) < MAX_SEQ) return last + 1n
  throw exhausted(`Millisecond ${entry.idMs} has no sequence numbers left`, pointer)
}

function notGreater(last: EntryId, pointer: string): EngineError {
  const message = `The id must be greater than the stream's last id, ${formatId(last)}`
  return new EngineError('id-not-greater', message, { pointer })
}

function exhausted(message: string, pointer: string): EngineError {
  return new EngineError('ids-exhausted', message, { pointer })
}

function max(...ids: EntryId[]): EntryId {
  return ids.reduce((a, b) => (compareIds(a, b) < 0 ? b : a))
}
