import type { EntryId } from './entry-id.ts'

/**
 * What Weir needs from storage: streams, groups and their pending entries. Every engine gives the same answers to
 * the same requests; `test/conformance` holds each of them to it.
 *
 * All methods reject with `stream-not-found` or `group-not-found` when what they name does not exist, and with
 * `storage-failed`, `storage-full`, `engine-unavailable` or `outcome-unknown` when the engine cannot do its work.
 * Those that need the fields of entries reject with `entry-damaged` when storage has garbled one of these; so does a
 * deletion when storage no longer tells whether the entry exists.
 * What else they reject with stands beside them. A rejected request has changed nothing (but for
 * `outcome-unknown`), and a resolved one is kept: no answer shows what a crash could still take back. An answer may hold
 * fewer entries than were asked for when they are large, but always one when there is one. All fields of an answer together
 * are 16 MiB at most, as JSON text, unless it is a single entry.
 */
export interface Engine {
  /** A page of streams in the byte order of their names. Rejects: invalid-request (a cursor that is none). */
  listStreams(request: ListStreamsRequest): Promise<StreamPage>
  /** Makes the stream unless it exists. Rejects: stream-exists (with `onlyNew`). */
  ensureStream(request: StreamRef & { readonly onlyNew: boolean }): Promise<StreamInfo & Created>
  getStream(request: StreamRef): Promise<StreamInfo>
  /** Everything about a stream: each list cut at `limit`, and at 5,000 items and one answer's bytes in all. */
  describeStream(request: StreamRef & { readonly limit: number }): Promise<StreamDescription>
  /** Moves the last id and the counters. Rejects: id-not-greater, invalid-request. */
  setStreamId(request: SetStreamIdRequest): Promise<StreamInfo>
  /** Removes the stream and its groups. Readers waiting on it are refused with stream-not-found. */
  deleteStream(request: StreamRef): Promise<void>

  /** Appends all entries or none, then trims. Rejects: id-not-greater, ids-exhausted. */
  appendEntries(request: AppendRequest): Promise<EntryId[]>
  /** Entries of a range; with none and `waitMs`, waits for the first. */
  listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker): Promise<EntryPage>
  /** Rejects: entry-not-found. */
  getEntry(request: StreamRef & { readonly id: EntryId }): Promise<Entry>
  /** Leaves the pending lists alone: a pending entry that was deleted is delivered again as `fields: null`. */
  deleteEntries(request: StreamRef & { readonly ids: readonly EntryId[] }): Promise<DeleteEntriesAnswer>
  /** How many entries were removed. Where damage leaves no other place to end it removes fewer, and never more. */
  trimStream(request: StreamRef & { readonly trim: Trim }): Promise<number>
  /**
   * Entries after a place in each of several streams; waits as `listEntries` does, until any has one. Answers every place
   * of the request, in its order, also those without entries.
   */
  readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker): Promise<StreamPlace[]>

  /** A page of groups in the byte order of their names. Rejects: invalid-request (an invalid cursor). */
  listGroups(request: StreamRef & PageRequest): Promise<GroupPage>
  /** Makes the group unless it exists; one that exists is left as it is. Rejects: group-exists (with `onlyNew`). */
  ensureGroup(request: EnsureGroupRequest): Promise<GroupInfo & Created>
  getGroup(request: GroupRef): Promise<GroupInfo>
  /** Moves the group's place in the stream. Pending entries stay. */
  updateGroup(request: UpdateGroupRequest): Promise<GroupInfo>
  /**
   * Removes the group with its pending entries, which are lost with `dropPending`. Its waiting readers are refused with
   * group-not-found. Rejects: group-has-pending (without `dropPending`).
   */
  deleteGroup(request: GroupRef & { readonly dropPending: boolean }): Promise<void>

  /**
   * Gives a consumer, from each stream, the next entries that no consumer of the group was given, oldest first,
   * and makes them pending; with `claimIdleMs`, before them those that have been pending with any consumer for
   * that long; with `after`, the consumer's own pending entries instead, without waiting. With nothing to give it
   * waits up to `waitMs`, first come first served within a group, and then gives []. Streams without entries are
   * left out. The consumer is made if need be. Rejects: too-many-waiting, invalid-request (a stream named twice).
   */
  readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery>

  /** Takes entries off the pending list; with `consumer`, only those that it owns. */
  ack(request: AckRequest): Promise<AckAnswer>
  /** Pending entries in the order of their ids. A consumer that the group does not know has none. */
  listPending(request: ListPendingRequest): Promise<PendingEntry[]>
  /**
   * Counts what is pending, with a page of the consumers that have some. A page may have fewer consumers than `limit`,
   * or none, and not be the last one. Rejects: invalid-request (an invalid cursor).
   */
  getPendingSummary(request: GroupRef & PageRequest): Promise<PendingSummary>
  /** Makes the named pending entries the consumer's. Those whose entry is gone are dropped and named. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>
  /** Claims what has been idle long enough, looking at up to ten times `count` pending entries from `from` on. */
  autoClaim(request: AutoClaimRequest): Promise<ClaimAnswer & { readonly next: EntryId }>

  /** A page of consumers in the byte order of their names. Rejects: invalid-request (an invalid cursor). */
  listConsumers(request: GroupRef & PageRequest): Promise<ConsumerPage>
  ensureConsumer(request: ConsumerRef): Promise<Created>
  /**
   * Removes a consumer and gives the number of its pending entries, which are lost with `dropPending`.
   * Rejects: consumer-not-found, consumer-has-pending (without `dropPending`).
   */
  deleteConsumer(request: ConsumerRef & { readonly dropPending: boolean }): Promise<number>

  /** Whether requests can be served, and what an operator wants to see. Never rejects, never waits. */
  status(): EngineStatus
  /** Bytes of changes that were made and that no answer may tell of yet. Cheap enough to ask for each request. */
  unkeptBytes(): number
  /**
   * Takes a place to wait at, for a reader that waits there again and again: it counts as one that waits, whether it does
   * or not, until the returned function is called. Its reads say `hasPlace`. Throws: too-many-waiting.
   */
  takePlace(): () => void
  /** Takers that had no room may have some now: those that wait are asked again. */
  resume(): void
  /** From now on nobody waits: waiting readers get what a passed deadline gives them, and so do new ones. */
  drain(): void
  /** Drains, makes everything durable and lets go of files and connections. */
  close(): Promise<void>
}

/**
 * Where the answer of a read goes. A reader that waits is given an answer only if there is room for it: otherwise it
 * waits on, others that wait at the same place may be served before it, and nothing changes. Reads that need not wait
 * do not ask.
 */
export interface Taker {
  /** Whether there is room for an answer with so many bytes of fields now. */
  hasRoom(bytes: number): boolean
  /** Keeps that room for an answer that is given in the same step. False if there is none. */
  take(bytes: number): boolean
  /** The answer is not given after all. */
  release(bytes: number): void
}

export interface StreamRef {
  readonly stream: string
}
export interface GroupRef extends StreamRef {
  readonly group: string
}
export interface ConsumerRef extends GroupRef {
  readonly consumer: string
}
export interface Created {
  /** False when it existed. */
  readonly created: boolean
}

/** An entry's fields as they are sent: the JSON text, in UTF-8, of one object of strings. */
export type FieldsJson = Uint8Array

/** Of fields that a native Redis client wrote: where their bytes are no UTF-8, the JSON text has them as base64. */
export interface Encoded {
  /** The names, as they are in `fields`, of those whose values are base64. */
  readonly base64?: readonly string[]
  /** The names in `fields` that are base64 themselves. */
  readonly base64Names?: readonly string[]
}

export interface Entry extends Encoded {
  readonly id: EntryId
  readonly fields: FieldsJson
}

/** Pages in the byte order of names. While nothing changes, each name is on exactly one page. */
export interface PageRequest {
  readonly limit: number
  /** The previous page's `cursor`. What it ended with may have been deleted since. */
  readonly cursor?: string
}
export interface ListStreamsRequest extends PageRequest {
  readonly prefix: string
}
export interface StreamPage {
  readonly streams: {
    name: string
    length: number
    /** As in `StreamInfo`. */
    sizeBytes: number
    lastId: EntryId
    /** How many entries were ever appended. */
    entriesAdded: number
    groups: number
  }[]
  /** Left out on the last page. */
  readonly cursor?: string
}
export interface StreamInfo {
  readonly name: string
  readonly length: number
  /**
   * How large its entries are. Where streams are kept on this machine, that is the sum of their fields' JSON text as it
   * is sent, without ids and whatever keeping them takes besides; exactly 0 without entries. Where they are in Redis, it
   * is what `MEMORY USAGE` says: an estimate of the memory of all there is to the stream, its pending lists included.
   */
  readonly sizeBytes: number
  /** Null while the stream holds no entry. */
  readonly firstId: EntryId | null
  /** The highest id ever given, whether its entry still exists or not. */
  readonly lastId: EntryId
  /** The highest id ever deleted by name. Trimming does not count. */
  readonly maxDeletedId: EntryId
  /** How many entries were ever appended. */
  readonly entriesAdded: number
  /** How many groups there are. */
  readonly groups: number
  /** Null when there is none, or it is damaged. */
  readonly firstEntry: Entry | null
  /** The same. */
  readonly lastEntry: Entry | null
}
export interface StreamDescription extends Omit<StreamInfo, 'groups'> {
  readonly entries: Entry[]
  readonly groups: GroupDescription[]
  /** Whether something was left out that `limit` would have let in. */
  readonly truncated: boolean
}
/** With moments, and so without durations. */
export interface GroupDescription extends Omit<GroupInfo, 'consumers' | 'oldestPendingMs'> {
  readonly pendingEntries: (Pending & { consumer: string })[]
  readonly consumers: {
    name: string
    pending: number
    /** Milliseconds since the epoch, of the last attempt to read or claim. */
    seenAt: number
    /** Of the last time it was given an entry; null for never. */
    activeAt: number | null
    pendingEntries: Pending[]
  }[]
}
interface Pending {
  id: EntryId
  /** Milliseconds since the epoch. */
  deliveredAt: number
  deliveries: number
}
export interface SetStreamIdRequest extends StreamRef {
  readonly lastId: EntryId
  readonly entriesAdded?: number
  readonly maxDeletedId?: EntryId
}

export interface AppendRequest extends StreamRef {
  readonly entries: readonly AppendEntry[]
  readonly createStream: boolean
  readonly trim?: Trim
}
/** With `id` that id, with `idMs` the next free one of that millisecond, with neither the next one now. */
export interface AppendEntry {
  readonly fields: FieldsJson
  readonly id?: EntryId
  readonly idMs?: bigint
}
/** Keep the last `maxLength` entries, or those from `minId` on: exactly one of the two is given. */
export interface Trim {
  readonly maxLength?: number
  readonly minId?: EntryId
  /** Remove whole blocks only, never below what is to be kept. */
  readonly approximate: boolean
  /** Remove at most so many entries. Only with `approximate`. */
  readonly limit?: number
}
/** From `from` to `to`, both inclusive; either may lie outside of what an id can be. */
export interface IdRange {
  readonly from: EntryId
  readonly to: EntryId
}
export interface ListEntriesRequest extends StreamRef {
  /** "next": what is appended after this request came. */
  readonly from: EntryId | 'next'
  readonly to: EntryId
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly waitMs: number
  /** The answer may end after so many bytes of entries, if that is less than any answer holds. */
  readonly roomBytes?: number
  /** The reader has taken a place: its waiting is neither refused nor counted once more. */
  readonly hasPlace?: boolean
}
export interface EntryPage {
  readonly entries: Entry[]
  /**
   * Where to continue. The same request after this id (in descending order, before it) misses nothing and sees nothing
   * twice, whatever was trimmed or deleted since. That is the last entry of the page. Of a page without entries it is
   * where its range begins; for "next" and "last", the stream's last id when the request came.
   */
  readonly next: EntryId
}
export interface DeleteEntriesAnswer {
  readonly deleted: number
  /** Those named that did not exist. */
  readonly notFound: EntryId[]
}
export interface ReadStreamsRequest {
  readonly streams: readonly { readonly stream: string; readonly after: EntryId | 'last' }[]
  /** For each stream. */
  readonly count: number
  readonly waitMs: number
}
export interface StreamEntries<E> {
  readonly stream: string
  readonly entries: E[]
}
/** What a place in one of several streams had to give. */
export interface StreamPlace extends EntryPage {
  readonly stream: string
}

export interface GroupInfo {
  readonly name: string
  readonly consumers: number
  readonly pending: number
  readonly lastDeliveredId: EntryId
  /** How many entries of the stream the group has read; null where that cannot be known. */
  readonly entriesRead: number | null
  /** How many entries are still to be delivered; null where that cannot be known. */
  readonly lag: number | null
  /**
   * How long the entry has been idle that has been so longest, of those pending ones that still exist; null where there
   * is none, and where telling would cost too much: in Redis, with more than 1,000 pending entries in the answer's groups.
   */
  readonly oldestPendingMs: number | null
}
export interface GroupPage {
  readonly groups: readonly GroupInfo[]
  /** Left out on the last page. */
  readonly cursor?: string
}
export interface EnsureGroupRequest extends GroupRef {
  readonly after: EntryId | 'last'
  readonly entriesRead?: number
  readonly createStream: boolean
  readonly onlyNew: boolean
}
/** Without `after` the group stays where it is. */
export interface UpdateGroupRequest extends GroupRef {
  readonly after?: EntryId | 'last'
  readonly entriesRead?: number
}

export interface ReadGroupsRequest {
  readonly group: string
  /** With `after`, the consumer's own pending entries after that id. */
  readonly streams: readonly { readonly stream: string; readonly after?: EntryId }[]
  readonly consumer: string
  /** For each stream. */
  readonly count: number
  readonly waitMs: number
  /** Deliver without making pending. Claimed entries become pending all the same. */
  readonly noAck: boolean
  readonly claimIdleMs?: number
}
export interface DeliveredEntry extends Encoded {
  readonly id: EntryId
  /** Null when the entry was deleted while it was pending. */
  readonly fields: FieldsJson | null
  /** How often it was delivered, this time included. */
  readonly deliveries: number
  /** How long it had been pending elsewhere: only with claimed entries. */
  readonly idleMs?: number
}
export interface Delivery {
  readonly streams: StreamEntries<DeliveredEntry>[]
  /**
   * Says that the answer did not reach its consumer. What was given, and has not been acked or claimed since, is as
   * if it had not been: new entries go to the next reader of the group, claimed ones back to their owners, delivery
   * counts are as before. Only the first call counts. Never rejects. Works without `this`, and keeps no entries in memory.
   */
  readonly undo: () => void
}

export interface AckRequest extends GroupRef {
  readonly ids: readonly EntryId[]
  readonly consumer?: string
}
export interface AckAnswer {
  readonly acked: number
  readonly notPending: EntryId[]
}
export interface ListPendingRequest extends GroupRef, IdRange {
  readonly limit: number
  readonly consumer?: string
  readonly minIdleMs: number
}
export interface PendingEntry {
  readonly id: EntryId
  readonly consumer: string
  readonly idleMs: number
  readonly deliveries: number
}
export interface PendingSummary {
  readonly count: number
  readonly firstId: EntryId | null
  readonly lastId: EntryId | null
  /** Only those that have some, in the byte order of their names. */
  readonly consumers: { name: string; count: number }[]
  /** Left out on the last page. */
  readonly cursor?: string
}
export interface ClaimRequest extends ConsumerRef {
  readonly ids: readonly EntryId[]
  readonly minIdleMs: number
  /**
   * Claim as if it had been idle for so long, but not since before 1970; at most one of this and `deliveredAt` is given.
   */
  readonly idleMs?: number
  /** Claim as if it had been delivered then, in milliseconds since the epoch. A moment in the future means now. */
  readonly deliveredAt?: number
  /** Set the delivery count instead of raising it. */
  readonly deliveries?: number
  /** Also entries of the stream that are not pending. */
  readonly force: boolean
  /** Without the entries' fields, and without raising the delivery count. */
  readonly justIds: boolean
  /** Moves the group's place forward to this id, never back. Refused as id-too-high above the stream's last id. */
  readonly lastId?: EntryId
}
export interface AutoClaimRequest extends ConsumerRef {
  readonly minIdleMs: number
  readonly from: EntryId
  readonly count: number
  readonly justIds: boolean
}
export interface ClaimAnswer {
  /** Without `fields` when only ids were asked for. Ids that come when the answer has no room left are not claimed. */
  readonly entries: ({ id: EntryId; fields?: FieldsJson; deliveries: number } & Encoded)[]
  /** Pending ids whose entry no longer exists, now taken off the pending list. */
  readonly deletedIds: EntryId[]
}
export interface ConsumerInfo {
  readonly name: string
  readonly pending: number
  /** Since it last tried to read or claim. */
  readonly idleMs: number
  /** Since it was last given an entry; null for never. */
  readonly inactiveMs: number | null
}
export interface ConsumerPage {
  readonly consumers: readonly ConsumerInfo[]
  /** Left out on the last page. */
  readonly cursor?: string
}

export interface EngineStatus {
  /** False: the process should get no traffic. `reason` says why, in a sentence. */
  readonly ready: boolean
  readonly reason?: string
  /** Readers waiting now. */
  readonly waiting: number
  /** The streams and groups that they wait at, counted for each reader by itself. */
  readonly waitingPlaces: number
  /** What there is in all, where an engine knows. */
  readonly counts?: {
    readonly streams: number
    readonly groups: number
    readonly consumers: number
    /** Pending entries, and those that came back and wait for the next reader. */
    readonly pending: number
  }
  /** Of an engine that keeps streams elsewhere, as they were at its last look, which asking for them begins. */
  readonly groups: Iterable<{
    stream: string
    group: string
    pending: number
    lag: number | null
    /** Of the entry that has been pending longest; null for none, left out where it is not known. */
    oldestPendingMs?: number | null
  }>
  /** Of an engine that keeps streams on this machine. */
  readonly storage?: StorageStatus
  /** Of an engine that keeps them on other servers: each of those. */
  readonly servers?: readonly ServerStatus[]
}

export interface ServerStatus {
  /** Where it is, without a password. */
  readonly address: string
  /** What it says it is, with its version. */
  readonly server: string
  /** Whether it can be asked now. */
  readonly isReady: boolean
  /** How often the connection was lost and made again. */
  readonly reconnects: number
}

export interface StorageStatus {
  /** What the files take, with the space in them that is still free. */
  readonly diskBytes: number
  /** Of the journal, what a restart would have to read. */
  readonly journalBytes: number
  /** Files of the journal that nobody needs any more and that could not be deleted. */
  readonly undeletedSegments: number
  /** Blocks of entries in memory. */
  readonly memoryBytes: number
  /** The last one since the start; null before it. */
  readonly checkpoint: { readonly at: number; readonly seconds: number } | null
  /** Why the last checkpoint failed; left out when it did not. */
  readonly checkpointError?: string
}
