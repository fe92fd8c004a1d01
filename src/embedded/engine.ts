import type { DeleteConsumerRequest } from '../contract/consumers.ts'
import type { ListDeadRequest, RedriveRequest } from '../contract/dead.ts'
import type { ReadGroupsRequest } from '../contract/deliveries.ts'
import type { Taker } from '../contract/engine.ts'
import type { AppendRequest, ListEntriesRequest, ReadStreamsRequest, Trim } from '../contract/entries.ts'
import type { EnsureGroupRequest, GroupInfo, UpdateGroupRequest } from '../contract/groups.ts'
import type {
  AckRequest,
  AutoClaimRequest,
  ClaimRequest,
  ExtendRequest,
  ListPendingRequest,
  NackRequest
} from '../contract/pending.ts'
import type { ConsumerRef, GroupRef, PageRequest, StreamRef } from '../contract/refs.ts'
import type { EngineStatus } from '../contract/status.ts'
import type { ListStreamsRequest, SetStreamIdRequest, StreamInfo } from '../contract/streams.ts'
import { cursorAfter, pageStart } from '../semantics/cursor.ts'
import { entryNotFound } from '../semantics/refusals.ts'
import { Clock } from './clock.ts'
import { Committer } from './committer.ts'
import type { RetentionHold } from './control-socket.ts'
import * as entries from './core/decide/entries.ts'
import * as groups from './core/decide/groups.ts'
import * as pending from './core/decide/pending.ts'
import { streamDescription } from './core/description.ts'
import type { Streams } from './core/streams.ts'
import * as view from './core/view.ts'
import { evictDeleted } from './evict-deleted.ts'
import type { Recovery } from './journal/recovery.ts'
import { LongPolls } from './long-polls.ts'
import type { Exposed } from './modes.ts'
import { claimBySteadyClock, descriptionByWallClock } from './moments.ts'
import type { EmbeddedEngine, EmbeddedOptions, EngineOptions } from './options.ts'
import { Quotas, UNBOUNDED } from './quotas.ts'
import { Reads } from './reads.ts'
import { openStorage, type Storage } from './storage.ts'
import { Trims } from './trims.ts'
import { Upkeep } from './upkeep.ts'
import { WorkQueue } from './work-queue.ts'

/**
 * Opens the engine that stores streams in a local directory. Rejects with storage-failed if another process
 * has the directory open, or if its contents cannot be read.
 */
export async function openEmbeddedEngine(options: EmbeddedOptions): Promise<EmbeddedEngine> {
  return engineOn(await openStorage(options), options)
}

/** Creates an engine on an open directory. Closing the engine closes the directory. */
export function engineOn(storage: Storage, options: EngineOptions): EmbeddedEngine {
  return new Embedded(storage, options)
}

/**
 * Each request is one synchronous step: decide, commit, and read what the answer shows. Then the request
 * waits for the disk, and reads nothing more from the core.
 */
class Embedded implements EmbeddedEngine {
  readonly recovery: Recovery
  readonly exposed: readonly Exposed[]
  readonly #storage: Storage
  readonly #streams: Streams
  readonly #quotas: Quotas
  readonly #committer: Committer
  readonly #longPolls: LongPolls
  readonly #reads: Reads
  readonly #trims: Trims
  readonly #workQueue: WorkQueue
  readonly #upkeep: Upkeep
  readonly #clock: Clock
  #isDraining = false

  constructor(storage: Storage, options: EngineOptions) {
    const clock = new Clock(options.now, options.steady)
    const { streams, journal, checkpoints, recovery, exposed } = storage
    this.recovery = recovery
    this.exposed = exposed
    this.#storage = storage
    this.#clock = clock
    this.#streams = streams
    this.#quotas = new Quotas(streams, { ...UNBOUNDED, ...options.most })
    this.#committer = new Committer({
      journal,
      quotas: this.#quotas,
      now: clock.steady,
      onChange: (changed) => {
        this.#reads.notify(changed)
        this.#upkeep.notify(changed)
      },
      onCommit: () => checkpoints.keepUp(),
      onStep: (step) => options.onStep?.(step)
    })
    this.#longPolls = new LongPolls({ ...options, now: clock.steady })
    const [committer, quotas, longPolls] = [this.#committer, this.#quotas, this.#longPolls]
    this.#reads = new Reads(streams, { committer, quotas, longPolls })
    this.#trims = new Trims(streams, this.#committer, clock.wall)
    this.#workQueue = new WorkQueue(streams, committer, clock)
    const { onDeathsBlocked } = options
    this.#upkeep = new Upkeep({
      streams,
      committer,
      now: clock.steady,
      ...(onDeathsBlocked !== undefined && { onBlocked: onDeathsBlocked })
    })
  }

  listStreams(request: ListStreamsRequest) {
    return this.#committer.read(() => {
      const { streams, more } = view.streamPage(this.#streams, request, pageStart(request))
      return { streams, ...cursorAfter(more ? (streams.at(-1)?.name ?? null) : null) }
    })
  }

  async ensureStream(request: StreamRef & { readonly onlyNew: boolean }) {
    return this.#committer.commitGrowth(
      () => entries.ensureStream(this.#streams, request),
      ({ created }) => ({ created, ...this.#streamInfo(request) })
    )
  }

  getStream(request: StreamRef) {
    return this.#committer.read(() => this.#streamInfo(request))
  }

  async describeStream(request: StreamRef & { readonly limit: number }) {
    return this.#committer.read(() => {
      const description = streamDescription(this.#streams.stream(request), request.limit)
      return descriptionByWallClock(description, this.#clock.aheadMs)
    })
  }

  setStreamId(request: SetStreamIdRequest) {
    return this.#committer.commitRelief(
      () => entries.setStreamId(this.#streams, request),
      () => this.#streamInfo(request)
    )
  }

  async deleteStream(request: StreamRef) {
    await this.#committer.commitRelief(() => entries.deleteStream(this.#streams, request), identity)
    void evictDeleted(this.#streams)
  }

  appendEntries(request: AppendRequest) {
    const { trim } = request
    if (trim !== undefined) return this.#trims.append(request, trim)
    const decide = (now: number) => entries.appendEntries(this.#streams, request, now)
    return this.#committer.commitGrowth(decide, identity, this.#clock.wall)
  }

  listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.streams.listEntries(request, signal, taker)
  }

  async getEntry(request: StreamRef & { readonly id: bigint }) {
    return this.#committer.read(() => {
      const entry = this.#streams.stream(request).get(request.id)
      if (entry !== null) return entry
      throw entryNotFound(request.stream)
    })
  }

  async deleteEntries(request: StreamRef & { readonly ids: readonly bigint[] }) {
    return this.#committer.commitRelief(() => entries.deleteEntries(this.#streams, request), identity)
  }

  trimStream(request: StreamRef & { readonly trim: Trim }) {
    return this.#trims.trim(request)
  }

  readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.streams.readStreams(request, signal, taker)
  }

  listGroups(request: StreamRef & PageRequest) {
    return this.#committer.read((now) => {
      const start = pageStart(request)
      const { items, last } = view.groupPage(this.#streams.stream(request), request.limit, start, now)
      return { groups: items, ...cursorAfter(last) }
    })
  }

  ensureGroup(request: EnsureGroupRequest) {
    return this.#committer.commitGrowth(
      (now) => groups.ensureGroup(this.#streams, request, now),
      ({ created }, now) => ({ created, ...this.#groupInfo(request, now) })
    )
  }

  getGroup(request: GroupRef) {
    return this.#committer.read((now) => this.#groupInfo(request, now))
  }

  updateGroup(request: UpdateGroupRequest) {
    return this.#committer.commitRelief(
      (now) => groups.updateGroup(this.#streams, request, now),
      (_, now) => this.#groupInfo(request, now)
    )
  }

  deleteGroup(request: GroupRef & { readonly dropPending: boolean }) {
    return this.#committer.commitRelief(() => groups.deleteGroup(this.#streams, request), identity)
  }

  readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.groups.readGroups(request, signal, taker)
  }

  ackEntries(request: AckRequest) {
    return this.#committer.commitRelief(() => pending.ackEntries(this.#streams, request), identity)
  }

  nackEntries(request: NackRequest) {
    return this.#workQueue.nack(request)
  }

  extendEntries(request: ExtendRequest) {
    return this.#workQueue.extend(request)
  }

  listDead(request: ListDeadRequest) {
    return this.#workQueue.listDead(request)
  }

  redriveEntries(request: RedriveRequest) {
    return this.#workQueue.redrive(request)
  }

  listPending(request: ListPendingRequest) {
    return this.#committer.read((now) => view.pendingPage(this.#streams.group(request), request, now))
  }

  getPendingSummary(request: GroupRef & PageRequest) {
    return this.#committer.read(() => {
      const start = pageStart(request)
      const { summary, last } = view.pendingSummary(this.#streams.group(request), request.limit, start)
      return { ...summary, ...cursorAfter(last) }
    })
  }

  claimEntries(request: ClaimRequest) {
    const kept = claimBySteadyClock(request, this.#clock.aheadMs)
    return this.#committer.commitRelief((now) => pending.claimEntries(this.#streams, kept, now), identity)
  }

  autoClaimEntries(request: AutoClaimRequest) {
    return this.#committer.commitRelief(
      (now) => pending.autoClaimEntries(this.#streams, request, now),
      identity
    )
  }

  listConsumers(request: GroupRef & PageRequest) {
    return this.#committer.read((now) => {
      const start = pageStart(request)
      const { items, last } = view.consumerPage(this.#streams.group(request), request.limit, start, now)
      return { consumers: items, ...cursorAfter(last) }
    })
  }

  ensureConsumer(request: ConsumerRef) {
    return this.#committer.commitGrowth((now) => groups.ensureConsumer(this.#streams, request, now), identity)
  }

  async deleteConsumer(request: DeleteConsumerRequest) {
    if (request.pending === 'release') return this.#workQueue.releaseAndDelete(request)
    return this.#committer.commitRelief(() => groups.deleteConsumer(this.#streams, request), identity)
  }

  async status(maxGroups = 0): Promise<EngineStatus> {
    const failed = this.#storage.journal.failed
    const reason = failed?.message ?? (this.#isDraining ? 'The server is shutting down' : undefined)
    const { blocked } = this.#upkeep
    return {
      ...(reason === undefined ? { ready: true } : { ready: false, reason }),
      ...this.#longPolls.size,
      counts: this.#quotas.counts,
      groups: view.groupStatus(this.#streams, maxGroups, this.#clock.steady()),
      died: this.#committer.died,
      ...(blocked !== undefined && { deathsBlocked: blocked }),
      storage: this.#storage.status()
    }
  }

  unkeptBytes(): number {
    return this.#storage.journal.unkeptBytes
  }

  hold(): RetentionHold {
    const { journal } = this.#storage
    return { position: () => journal.keptPosition, release: journal.hold() }
  }

  takePlace(): () => void {
    return this.#longPolls.takePlace()
  }

  resume(): void {
    this.#longPolls.resume()
  }

  drain(): void {
    this.#isDraining = true
    this.#longPolls.drain()
    this.#upkeep.stop()
  }

  async close(): Promise<void> {
    this.drain()
    await this.#storage.close()
  }

  #streamInfo(request: StreamRef): StreamInfo {
    return view.streamInfo(this.#streams.stream(request))
  }

  #groupInfo(request: GroupRef, now: number): GroupInfo {
    return view.groupInfo(this.#streams.group(request), now)
  }
}

function identity<T>(value: T): T {
  return value
}
