import type { ConsumerPage } from './consumers.ts'
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
  ListPendingRequest,
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

  /**
   * Whether requests can be served, and what an operator wants to see, with up to `maxGroups` groups (none by default).
   * Makes no system call and sends nothing. Never rejects.
   */
  status(maxGroups?: number): Promise<EngineStatus>
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
