import type { DeleteConsumerRequest } from '../contract/consumers.ts'
import type { ListDeadRequest, RedriveRequest } from '../contract/dead.ts'
import type { ReadGroupsRequest } from '../contract/deliveries.ts'
import type { Engine, Taker } from '../contract/engine.ts'
import type { AppendRequest, ListEntriesRequest, ReadStreamsRequest, Trim } from '../contract/entries.ts'
import type { EntryId } from '../contract/entry-id.ts'
import type { EnsureGroupRequest, UpdateGroupRequest } from '../contract/groups.ts'
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
import type { ListStreamsRequest, SetStreamIdRequest } from '../contract/streams.ts'
import type { WaitingLimits } from '../semantics/waiting-room.ts'
import { appendEntries } from './commands/appends.ts'
import { DeadEntries } from './commands/dead-entries.ts'
import { DeathCounts } from './commands/death-counts.ts'
import { GroupCounts } from './commands/group-counts.ts'
import { GroupReads } from './commands/group-reads.ts'
import { Groups } from './commands/groups.ts'
import { Nacks } from './commands/nacks.ts'
import { PendingLists } from './commands/pending-lists.ts'
import { Policies } from './commands/policies.ts'
import { Queues } from './commands/queues.ts'
import { endsOf, Reads } from './commands/reads.ts'
import { StreamCommands } from './commands/stream-commands.ts'
import { listStreams } from './commands/stream-list.ts'
import { streamNames } from './commands/stream-names.ts'
import { Streams } from './commands/streams.ts'
import { continueTrim } from './commands/trims.ts'
import type { RedisAddress } from './connection/address.ts'
import { refusePrefix } from './connection/companion-keys.ts'
import { Keys } from './connection/keys.ts'
import { allAnswered, type Nodes, serverStatuses } from './connection/nodes.ts'
import { openNodes } from './connection/open-nodes.ts'
import { Sweeper } from './waiting/sweeper.ts'
import { WaitingReaders } from './waiting/waiting-readers.ts'

export interface RedisOptions extends WaitingLimits {
  readonly address: RedisAddress
  /** What the keys of streams start with, before the stream's name. */
  readonly prefix: string
  /** Called when a server can be used, at first or again. */
  readonly onUp?: () => void
  /** Called when a server can no longer be used, and for each failed attempt to connect. */
  readonly onDown?: (error: Error) => void
}

/**
 * Opens the engine that keeps streams in Redis. If Redis is down, the engine opens all the same, and is not ready until
 * it connects. Rejects with engine-unavailable if the server can be reached but is too old.
 */
export async function openRedisEngine(options: RedisOptions): Promise<Engine> {
  if (options.address.kind === 'cluster') refusePrefix(options.prefix)
  const engine = new RedisEngine(options)
  await engine.opened()
  return engine
}

/** Each request is a command or a script on the key of its stream. A waiting request holds no connection. */
class RedisEngine implements Engine {
  readonly #nodes: Nodes
  readonly #keys: Keys
  readonly #commands: StreamCommands
  readonly #readers: WaitingReaders
  readonly #streams: Streams
  readonly #reads: Reads
  readonly #groupReads: GroupReads
  readonly #groups: Groups
  readonly #pending: PendingLists
  readonly #nacks: Nacks
  readonly #dead: DeadEntries
  readonly #deaths = new DeathCounts()
  readonly #sweeper: Sweeper
  readonly #counts: GroupCounts
  #isDraining = false
  #isClosed = false

  constructor({ address, prefix, onUp, onDown, ...limits }: RedisOptions) {
    const keys = new Keys(prefix)
    const nodes = openNodes(address, {
      onUp: () => {
        onUp?.()
        this.#readers.reconnected()
      },
      onDown: (error) => onDown?.(error)
    })
    const commands = new StreamCommands(nodes, keys)
    const readers = new WaitingReaders({ nodes, keys, commands, ...limits })
    const miscounts = () => nodes.servers().some(({ capabilities }) => capabilities?.miscounts !== false)
    const { longPolls, reconciler, redelivery } = readers
    this.#nodes = nodes
    this.#keys = keys
    this.#commands = commands
    this.#readers = readers
    this.#streams = new Streams(commands, miscounts)
    this.#reads = new Reads(commands, longPolls)
    const deaths = this.#deaths
    const onChanged = (group: GroupRef) => readers.groupChanged(group)
    const parts = { commands, deaths, queues: new Queues(), onChanged }
    this.#groupReads = new GroupReads({ ...parts, longPolls, reconciler, redelivery })
    this.#groups = new Groups(commands, new Policies(nodes, keys, commands), miscounts)
    this.#pending = new PendingLists({ ...parts, onRoom: onChanged })
    this.#nacks = new Nacks(parts)
    this.#dead = new DeadEntries(commands, onChanged)
    this.#sweeper = new Sweeper({ nodes, keys, commands, deaths, onChanged })
    this.#counts = new GroupCounts(
      () => streamNames(nodes, keys, ''),
      async (stream, limit) => (await this.#groups.listGroups({ stream, limit }, 0)).groups
    )
  }

  /** Resolves when the first attempt to connect ends. Rejects if Weir cannot work with the server. */
  async opened(): Promise<void> {
    await this.#nodes.opened
    const unsuitable = this.#nodes.servers().find((server) => server.unsuitable)?.unsuitable
    if (unsuitable === undefined) return
    await this.close()
    throw unsuitable
  }

  listStreams(request: ListStreamsRequest) {
    return listStreams(this.#commands, this.#nodes, this.#keys, request)
  }

  ensureStream(request: StreamRef & { readonly onlyNew: boolean }) {
    return this.#streams.ensureStream(request)
  }

  getStream(request: StreamRef) {
    return this.#streams.getStream(request)
  }

  describeStream(request: StreamRef & { readonly limit: number }) {
    return this.#streams.describeStream(request)
  }

  setStreamId(request: SetStreamIdRequest) {
    return this.#streams.setStreamId(request)
  }

  async deleteStream(request: StreamRef) {
    await this.#streams.deleteStream(request)
    this.#readers.streamDeleted(request.stream)
  }

  appendEntries(request: AppendRequest) {
    return appendEntries(this.#commands, request)
  }

  listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.listEntries(request, signal, taker)
  }

  getEntry(request: StreamRef & { readonly id: EntryId }) {
    return this.#reads.getEntry(request)
  }

  deleteEntries(request: StreamRef & { readonly ids: readonly EntryId[] }) {
    return this.#streams.deleteEntries(request)
  }

  async trimStream({ stream, trim }: StreamRef & { readonly trim: Trim }) {
    return continueTrim(this.#commands, stream, trim, 0)
  }

  readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.readStreams(request, signal, taker)
  }

  listGroups(request: StreamRef & PageRequest) {
    return this.#groups.listGroups(request)
  }

  ensureGroup(request: EnsureGroupRequest) {
    if (request.delivery !== undefined) this.#sweeper.note(request.stream)
    return this.#groups.ensureGroup(request)
  }

  getGroup(request: GroupRef) {
    return this.#groups.getGroup(request)
  }

  async updateGroup(request: UpdateGroupRequest) {
    if (request.delivery !== undefined) this.#sweeper.note(request.stream)
    await this.#groups.updateGroup(request)
    this.#readers.groupChanged(request)
    return this.#groups.getGroup(request)
  }

  async deleteGroup(request: GroupRef & { readonly dropPending: boolean }) {
    await this.#groups.deleteGroup(request)
    this.#readers.groupDeleted(request)
  }

  readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker) {
    return this.#groupReads.readGroups(request, signal, taker)
  }

  ackEntries(request: AckRequest) {
    return this.#pending.ackEntries(request)
  }

  nackEntries(request: NackRequest) {
    return this.#nacks.nackEntries(request)
  }

  extendEntries(request: ExtendRequest) {
    return this.#nacks.extendEntries(request)
  }

  listDead(request: ListDeadRequest) {
    return this.#dead.listDead(request)
  }

  redriveEntries(request: RedriveRequest) {
    return this.#dead.redriveEntries(request)
  }

  listPending(request: ListPendingRequest) {
    return this.#pending.listPending(request, endsOf(request))
  }

  getPendingSummary(request: GroupRef & PageRequest) {
    return this.#pending.getPendingSummary(request)
  }

  async claimEntries(request: ClaimRequest) {
    // The claim may raise an entry's idle time, so that a waiting reader can claim it.
    const setsIdleTime = request.idleMs !== undefined || request.deliveredAt !== undefined
    if (setsIdleTime) this.#readers.entriesMayAge(request.stream)
    const answer = await this.#pending.claimEntries(request)
    if (setsIdleTime) this.#readers.groupChanged(request)
    return answer
  }

  autoClaimEntries(request: AutoClaimRequest) {
    return this.#pending.autoClaimEntries(request)
  }

  listConsumers(request: GroupRef & PageRequest) {
    return this.#groups.listConsumers(request)
  }

  ensureConsumer(request: ConsumerRef) {
    return this.#groups.ensureConsumer(request)
  }

  async deleteConsumer(request: DeleteConsumerRequest) {
    if (request.pending === 'release') return this.#nacks.releaseConsumer(request)
    const held = await this.#groups.deleteConsumer(request, request.pending === 'drop')
    // The group may have room for other entries now.
    if (held > 0) this.#readers.groupChanged(request)
    return held
  }

  async status(maxGroups = 0): Promise<EngineStatus> {
    const trouble = this.#isDraining
      ? 'The server is shutting down'
      : (this.#nodes.trouble() ?? this.#nodes.impairment())
    const servers = serverStatuses(this.#nodes)
    const groups = maxGroups === 0 ? [] : this.#counts.last().slice(0, maxGroups)
    const status = { ...this.#readers.longPolls.size, groups, ...this.#deaths.status, servers }
    return trouble === undefined ? { ready: true, ...status } : { ready: false, reason: trouble, ...status }
  }

  /** Always 0, because each request is sent to Redis at once. */
  unkeptBytes(): number {
    return 0
  }

  takePlace(): () => void {
    return this.#readers.longPolls.takePlace()
  }

  resume(): void {
    this.#readers.longPolls.resume()
  }

  drain(): void {
    this.#isDraining = true
    this.#readers.longPolls.drain()
  }

  async close(): Promise<void> {
    this.drain()
    if (this.#isClosed) return
    this.#isClosed = true
    this.#sweeper.close()
    this.#readers.close()
    await allAnswered(this.#nodes)
    this.#nodes.close()
  }
}
