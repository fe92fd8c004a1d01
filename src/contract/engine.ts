import type { ConsumerPage, DeleteConsumerRequest } from './consumers.ts'
import type { DeadPage, ListDeadRequest, RedriveAnswer, RedriveRequest } from './dead.ts'
import type { Delivery, ReadGroupsRequest } from './deliveries.ts'
import type {
  AppendRequest,
  DeleteEntriesAnswer,
  Entry,
  EntryPage,
  ListEntriesRequest,
  ReadStreamsRequest,
  StreamPlace,
  Trim
} from './entries.ts'
import type { EntryId } from './entry-id.ts'
import type { EnsureGroupRequest, GroupInfo, GroupPage, UpdateGroupRequest } from './groups.ts'
import type {
  AckAnswer,
  AckRequest,
  AutoClaimRequest,
  ClaimAnswer,
  ClaimRequest,
  ExtendAnswer,
  ExtendRequest,
  ListPendingRequest,
  NackAnswer,
  NackRequest,
  PendingEntry,
  PendingSummary
} from './pending.ts'
import type { ConsumerRef, Created, GroupRef, PageRequest, StreamRef } from './refs.ts'
import type { EngineStatus } from './status.ts'
import type {
  ListStreamsRequest,
  SetStreamIdRequest,
  StreamDescription,
  StreamInfo,
  StreamPage
} from './streams.ts'

/**
 * What Weir needs from storage: streams, groups and their pending entries. Every engine gives the same
 * answers to the same requests; `test/conformance` holds each of them to it.
 *
 * All methods reject with `stream-not-found` or `group-not-found` if the request names a stream or group that
 * does not exist, and with `storage-failed`, `storage-full`, `engine-unavailable` or `outcome-unknown` if the
 * engine cannot do its work. Methods that need the fields of entries reject with `entry-damaged` if one of
 * these entries is damaged in storage. A deletion does so if the damage hides whether the entry exists. Each
 * method lists its other codes.
 *
 * A rejected request has changed nothing, except with `outcome-unknown`. A resolved request is kept: no
 * answer shows a state that a crash could still take back.
 *
 * An answer may contain fewer entries than the request allows if the entries are large, but at least one if
 * any exists. All fields of an answer together are at most 16 MiB of JSON text, unless the answer is a single
 * entry.
 */
export interface Engine {
  /** A page of streams in the byte order of their names. Rejects: invalid-request (invalid cursor). */
  listStreams(request: ListStreamsRequest): Promise<StreamPage>
  /** Creates the stream unless it exists. Rejects: stream-exists (with `onlyNew`). */
  ensureStream(request: StreamRef & { readonly onlyNew: boolean }): Promise<StreamInfo & Created>
  getStream(request: StreamRef): Promise<StreamInfo>
  /**
   * Everything about a stream. Each list is cut at `limit`. All lists together are cut at 5,000 items, and at
   * the maximum size of an answer.
   */
  describeStream(request: StreamRef & { readonly limit: number }): Promise<StreamDescription>
  /** Sets the last id and the counters. Rejects: id-not-greater, invalid-request. */
  setStreamId(request: SetStreamIdRequest): Promise<StreamInfo>
  /** Deletes the stream and its groups. Rejects its waiting readers with stream-not-found. */
  deleteStream(request: StreamRef): Promise<void>

  /** Appends all entries or none, then trims. Rejects: id-not-greater, ids-exhausted. */
  appendEntries(request: AppendRequest): Promise<EntryId[]>
  /** Entries of a range. If there are none, waits up to `waitMs` for the first. */
  listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker): Promise<EntryPage>
  /** Rejects: entry-not-found. */
  getEntry(request: StreamRef & { readonly id: EntryId }): Promise<Entry>
  /**
   * Does not change pending lists: a deleted entry that is pending is delivered again with `fields: null`.
   */
  deleteEntries(request: StreamRef & { readonly ids: readonly EntryId[] }): Promise<DeleteEntriesAnswer>
  /**
   * Returns the number of removed entries. If a damaged block is in the way, removes fewer entries, never
   * more.
   */
  trimStream(request: StreamRef & { readonly trim: Trim }): Promise<number>
  /**
   * Entries after a position in each of several streams. If no stream has any, waits as `listEntries` does
   * until one has. The answer has an item for each stream of the request, in the same order, including
   * streams without entries.
   */
  readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker): Promise<StreamPlace[]>

  /** A page of groups in the byte order of their names. Rejects: invalid-request (invalid cursor). */
  listGroups(request: StreamRef & PageRequest): Promise<GroupPage>
  /**
   * Creates the group unless it exists. Does not change an existing group, and then ignores `delivery`.
   * Rejects: group-exists (with `onlyNew`), dead-letter-cycle, invalid-request (a policy that contradicts itself,
   * or on a Cluster a dead-letter stream in another slot).
   */
  ensureGroup(request: EnsureGroupRequest): Promise<GroupInfo & Created>
  getGroup(request: GroupRef): Promise<GroupInfo>
  /**
   * Moves the group to another position in the stream, or changes its policy. Pending entries stay pending.
   * Rejects: dead-letter-cycle, invalid-request (as `ensureGroup`).
   */
  updateGroup(request: UpdateGroupRequest): Promise<GroupInfo>
  /**
   * Deletes the group. With `dropPending`, its pending and dead entries are lost. Rejects its waiting readers with
   * group-not-found. Rejects: group-has-pending (without `dropPending`).
   */
  deleteGroup(request: GroupRef & { readonly dropPending: boolean }): Promise<void>

  /**
   * Delivers to a consumer, from each stream, the next entries that no consumer of the group has received,
   * oldest first, and makes them pending. With `claimIdleMs`, entries that have been idle for that long with
   * any consumer come before them. With `after`, returns the consumer's own pending entries instead, and does
   * not wait.
   *
   * Entries that are due are delivered as well, earliest due first. As long as there are due and new entries, a
   * read gives at least half of its `count`, rounded down, to each of them, and successive reads of one entry
   * alternate. `maxPending` and `maxPendingPerConsumer` limit new entries only.
   *
   * `ack` and `nack` are done first, once the request is admitted: in one change with the delivery if there is
   * something to deliver at once, otherwise before the wait.
   *
   * If there is nothing to deliver, waits up to `waitMs` and then returns []. Readers of a group are served
   * first come, first served. Streams without entries are left out. Creates the consumer if necessary.
   * Rejects: too-many-waiting, invalid-request (a stream named twice; `claimIdleMs` in a group with
   * `ackTimeoutMs`).
   */
  readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker): Promise<Delivery>

  /**
   * Removes entries from the pending list, or from the dead ones. With `consumer`, only entries that it owns, and
   * dead ones that it had last.
   */
  ackEntries(request: AckRequest): Promise<AckAnswer>
  /**
   * Takes pending entries out of the hands of their consumers. With `consumer`, only entries that it owns.
   * Entries that die are kept, or moved to the dead-letter stream, in the same change.
   */
  nackEntries(request: NackRequest): Promise<NackAnswer>
  /**
   * Lets the time of pending entries start anew, if the consumer owns them: their lease, and in a group without
   * `ackTimeoutMs` their idle time. Counts as activity of the consumer, which is not created.
   */
  extendEntries(request: ExtendRequest): Promise<ExtendAnswer>
  /** A page of the group's dead entries, in the order of their ids. Rejects: invalid-request (invalid cursor). */
  listDead(request: ListDeadRequest): Promise<DeadPage>
  /**
   * Makes dead entries due, with a delivery count of 0: those in the group first, then those of this group in its
   * dead-letter stream, which are removed there. Does so in steps: if it is interrupted, some are redriven.
   * Rejects: stream-conflict.
   */
  redriveEntries(request: RedriveRequest): Promise<RedriveAnswer>
  /** Pending entries in the order of their ids. An unknown consumer has none. */
  listPending(request: ListPendingRequest): Promise<PendingEntry[]>
  /**
   * Counts the pending entries, with a page of the consumers that own some. A page may contain fewer
   * consumers than `limit`, or none, without being the last page. Rejects: invalid-request (invalid cursor).
   */
  getPendingSummary(request: GroupRef & PageRequest): Promise<PendingSummary>
  /**
   * Makes the consumer the owner of the named pending entries, except delayed ones. Each claim but one with
   * `justIds` counts as a failed delivery: an entry without deliveries left dies instead. Ids whose entry no longer exists are removed
   * from the pending list and returned in `deletedIds`.
   */
  claimEntries(request: ClaimRequest): Promise<ClaimAnswer>
  /**
   * Claims entries that have been idle long enough, as `claimEntries` does. Scans at most ten times `count` pending entries, from
   * `from` on.
   */
  autoClaimEntries(request: AutoClaimRequest): Promise<ClaimAnswer & { readonly next: EntryId }>

  /** A page of consumers in the byte order of their names. Rejects: invalid-request (invalid cursor). */
  listConsumers(request: GroupRef & PageRequest): Promise<ConsumerPage>
  ensureConsumer(request: ConsumerRef): Promise<Created>
  /**
   * Deletes a consumer and returns the number of its pending entries. With `drop`, these are lost. With `release`,
   * they are nacked with the outcome `release`, in steps. Rejects: consumer-not-found, consumer-has-pending (with
   * `keep`).
   */
  deleteConsumer(request: DeleteConsumerRequest): Promise<number>

  /**
   * Whether the engine can serve requests, and what an operator wants to see, with at most `maxGroups` groups
   * (default: none). Makes no system call and sends nothing. Never rejects.
   */
  status(maxGroups?: number): Promise<EngineStatus>
  /**
   * Bytes of changes that are made but not kept yet, so that no answer may show them. Cheap enough to call
   * for each request.
   */
  unkeptBytes(): number
  /**
   * Reserves a waiting place for a reader that waits again and again. The place counts as taken, whether the
   * reader waits or not, until the returned function is called. The reader's requests set `hasPlace`. Throws
   * too-many-waiting.
   */
  takePlace(): () => void
  /** Offers answers again to waiting readers whose takers had no room for them. */
  resume(): void
  /** From now on nobody waits: waiting readers and new ones get the answer of a passed deadline. */
  drain(): void
  /** Drains, makes everything durable, and closes files and connections. */
  close(): Promise<void>
}

/**
 * Where the answer of a read goes. A waiting reader gets an answer only if its taker has room for it.
 * Otherwise the reader continues to wait, and nothing changes; other readers at the same place may be served
 * before it. Reads that do not wait do not ask the taker.
 */
export interface Taker {
  /** Whether there is room now for an answer with this many bytes of fields. */
  hasRoom(bytes: number): boolean
  /**
   * Reserves room for an answer that follows in the same synchronous step. Returns false if there is no room.
   */
  take(bytes: number): boolean
  /** Releases room that was taken for an answer that is not sent after all. */
  release(bytes: number): void
}
