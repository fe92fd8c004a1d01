import type { ReadGroupsRequest } from '../contract/deliveries.ts'
import type { Engine, Taker } from '../contract/engine.ts'
import type { AppendRequest, ListEntriesRequest, ReadStreamsRequest, Trim } from '../contract/entries.ts'
import { formatId } from '../contract/entry-id.ts'
import type { EnsureGroupRequest, UpdateGroupRequest } from '../contract/groups.ts'
import type { AckRequest, AutoClaimRequest, ClaimRequest, ListPendingRequest } from '../contract/pending.ts'
import type { ConsumerRef, GroupRef, PageRequest, StreamRef } from '../contract/refs.ts'
import type { EngineStatus } from '../contract/status.ts'
import type { ListStreamsRequest, SetStreamIdRequest } from '../contract/streams.ts'
import { ANSWER_BYTES } from '../semantics/answer-size.ts'
import { entryNotFound, streamExists } from '../semantics/refusals.ts'
import type { WaitingLimits } from '../semantics/waiting-room.ts'
import * as appends from './commands/appends.ts'
import { GroupCounts } from './commands/group-counts.ts'
import { GroupReads } from './commands/group-reads.ts'
import { Groups } from './commands/groups.ts'
import { PendingLists } from './commands/pending-lists.ts'
import { endsOf, Reads } from './commands/reads.ts'
import * as replies from './commands/replies.ts'
import { StreamCommands } from './commands/stream-commands.ts'
import { listStreams } from './commands/stream-list.ts'
import { streamNames } from './commands/stream-names.ts'
import { goOnTrimming } from './commands/trims.ts'
import type { RedisAddress } from './connection/address.ts'
import { Keys } from './connection/keys.ts'
import { allAnswered, type Nodes } from './connection/nodes.ts'
import { openNodes } from './connection/open-nodes.ts'
import { refusalOf } from './connection/redis-errors.ts'
import * as scripts from './scripts/generated.ts'
import { ChangeBroadcast } from './waiting/change-broadcast.ts'
import { LongPolls } from './waiting/long-polls.ts'
import { Reconciler } from './waiting/reconciler.ts'
import { Redelivery } from './waiting/redelivery.ts'
import { BlockingWatch, PollingWatch, type Watch } from './waiting/watch.ts'

export interface RedisOptions extends WaitingLimits {
  readonly place: RedisAddress
  /** Before the names of streams, in their keys. */
  readonly prefix: string
  /** Connections are made and lost; each is told once. */
  readonly onUp?: () => void
  readonly onDown?: (error: Error) => void
}

/**
 * Opens the engine that keeps streams in Redis. It opens while Redis is down, too, and is not ready then. Rejects with
 * engine-unavailable when the server can be reached but is too old.
 */
export async function openRedisEngine(options: RedisOptions): Promise<Engine> {
  const engine = new RedisEngine(options)
  await engine.opened()
  return engine
}

/** Entries, groups, consumers and pending entries that a description holds, all together. */
const DESCRIPTION_ITEMS = 5000

/** Each request is a command or a script on the key of its stream, and holds no connection while it waits. */
class RedisEngine implements Engine {
  readonly #nodes: Nodes
  readonly #keys: Keys
  readonly #commands: StreamCommands
  readonly #longPolls: LongPolls
  readonly #reconciler: Reconciler
  readonly #watch: Watch
  readonly #broadcast: ChangeBroadcast
  readonly #redelivery: Redelivery
  readonly #reads: Reads
  readonly #groupReads: GroupReads
  readonly #groups: Groups
  readonly #pending: PendingLists
  readonly #counts: GroupCounts
  readonly #miscounts: () => boolean
  #isDraining = false
  #isClosed = false

  constructor({ place, prefix, onUp, onDown, ...limits }: RedisOptions) {
    const keys = new Keys(prefix)
    const up = () => {
      onUp?.()
      this.#redelivery.again()
      this.#reconciler.lookEverywhere()
    }
    const nodes = openNodes(place, { onUp: up, onDown: (error) => onDown?.(error) })
    const commands = new StreamCommands(nodes, keys)
    const longPolls = new LongPolls({
      ...limits,
      watch: (stream, after) => this.#watch.watch(keys.keyOf(stream), after),
      watchIdle: (place) => reconciler.watchIdle(place),
      trouble: (isInGroup) => nodes.trouble() ?? (isInGroup ? nodes.impairment() : undefined)
    })
    const reconciler = new Reconciler(commands, longPolls)
    const forget = (stream: string) => reconciler.idleTimes.forget(stream)
    const watching = {
      isWanted: (key: string) => longPolls.queues.hasStream(keys.streamOf(key)),
      onNews: (key: string) => longPolls.wakeStream(keys.streamOf(key))
    }
    const [server] = nodes.servers()
    this.#watch =
      nodes.isCluster || server === undefined
        ? new PollingWatch(nodes, watching)
        : new BlockingWatch(server, () => nodes.locate(), watching)
    this.#broadcast = new ChangeBroadcast(nodes, keys.channel, (stream) => {
      forget(stream)
      void reconciler.look(stream)
    })
    this.#redelivery = new Redelivery(commands, forget, (undone) => this.#changed(undone))
    this.#nodes = nodes
    this.#keys = keys
    this.#commands = commands
    this.#longPolls = longPolls
    this.#reconciler = reconciler
    this.#reads = new Reads(commands, longPolls)
    this.#groupReads = new GroupReads({ commands, longPolls, reconciler, redelivery: this.#redelivery })
    this.#miscounts = () => nodes.servers().some(({ capabilities }) => capabilities?.miscounts !== false)
    this.#groups = new Groups(commands, this.#miscounts)
    this.#pending = new PendingLists(commands)
    this.#counts = new GroupCounts(
      () => streamNames(nodes, keys, ''),
      async (stream, limit) => (await this.#groups.listGroups({ stream, limit }, 0)).groups
    )
  }

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

  async ensureStream(request: StreamRef & { readonly onlyNew: boolean }) {
    const { stream, onlyNew } = request
    const created = (await this.#commands.script(scripts.ENSURE_STREAM, { stream, isMaking: true }, {})) === 1
    if (onlyNew && !created) throw streamExists(stream)
    return { created, ...(await this.getStream(request)) }
  }

  async getStream({ stream }: StreamRef) {
    const info = await this.#commands.script(scripts.STREAM, { stream }, {})
    return replies.streamInfo(stream, info)
  }

  async describeStream({ stream, limit }: StreamRef & { readonly limit: number }) {
    const args = { limit, mostItems: DESCRIPTION_ITEMS, mostBytes: ANSWER_BYTES }
    const described = await this.#commands.script(scripts.DESCRIBE, { stream }, args)
    return replies.streamDescription(stream, described, limit, this.#miscounts())
  }

  async setStreamId(request: SetStreamIdRequest) {
    const { stream, lastId, entriesAdded, maxDeletedId = 0n } = request
    const args = {
      lastId: formatId(lastId),
      entriesAdded,
      maxDeletedId: maxDeletedId === 0n ? undefined : formatId(maxDeletedId)
    }
    await this.#commands.script(scripts.SET_STREAM_ID, { stream }, args)
    return this.getStream(request)
  }

  async deleteStream({ stream }: StreamRef) {
    await this.#commands.script(scripts.DELETE_STREAM, { stream }, {})
    this.#reconciler.idleTimes.forget(stream)
    for (const place of this.#longPolls.queues.placesOf(stream)) {
      this.#longPolls.refuse(place, refusalOf('stream-not-found', place))
    }
    this.#broadcast.changed(stream)
  }

  appendEntries(request: AppendRequest) {
    return appends.appendEntries(this.#commands, request)
  }

  listEntries(request: ListEntriesRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.listEntries(request, signal, taker)
  }

  async getEntry({ stream, id }: StreamRef & { readonly id: bigint }) {
    const range = { stream, from: id, to: id, order: 'asc' as const, limit: 1 }
    const [entry] = (await this.#reads.range(range)).entries
    if (entry !== undefined) return entry
    throw entryNotFound(stream)
  }

  async deleteEntries({ stream, ids }: StreamRef & { readonly ids: readonly bigint[] }) {
    const args = { ids: [...new Set(ids.map(formatId))] }
    const [deleted, notFound] = replies.list(
      await this.#commands.script(scripts.DELETE_ENTRIES, { stream }, args)
    )
    return { deleted: replies.count(deleted), notFound: replies.ids(notFound) }
  }

  async trimStream({ stream, trim }: StreamRef & { readonly trim: Trim }) {
    return goOnTrimming(this.#commands, stream, trim, 0)
  }

  readStreams(request: ReadStreamsRequest, signal: AbortSignal, taker?: Taker) {
    return this.#reads.readStreams(request, signal, taker)
  }

  listGroups(request: StreamRef & PageRequest) {
    return this.#groups.listGroups(request)
  }

  ensureGroup(request: EnsureGroupRequest) {
    return this.#groups.ensureGroup(request)
  }

  getGroup(request: GroupRef) {
    return this.#groups.getGroup(request)
  }

  async updateGroup(request: UpdateGroupRequest) {
    await this.#groups.updateGroup(request)
    this.#changed(request)
    return this.#groups.getGroup(request)
  }

  async deleteGroup(request: GroupRef & { readonly dropPending: boolean }) {
    const { stream, group } = request
    const place = { stream, group }
    await this.#groups.deleteGroup(request)
    this.#reconciler.idleTimes.forget(stream)
    this.#longPolls.refuse(place, refusalOf('group-not-found', place))
    this.#broadcast.changed(stream)
  }

  readGroups(request: ReadGroupsRequest, signal: AbortSignal, taker?: Taker) {
    return this.#groupReads.readGroups(request, signal, taker)
  }

  ack(request: AckRequest) {
    return this.#pending.ack(request)
  }

  listPending(request: ListPendingRequest) {
    return this.#pending.listPending(request, endsOf(request))
  }

  getPendingSummary(request: GroupRef & PageRequest) {
    return this.#pending.getPendingSummary(request)
  }

  async claim(request: ClaimRequest) {
    // An entry may look older than it is then, and wake whoever waits for that.
    const isAging = request.idleMs !== undefined || request.deliveredAt !== undefined
    if (isAging) this.#reconciler.idleTimes.forget(request.stream)
    const answer = await this.#pending.claim(request)
    if (isAging) this.#changed(request)
    return answer
  }

  autoClaim(request: AutoClaimRequest) {
    return this.#pending.autoClaim(request)
  }

  listConsumers(request: GroupRef & PageRequest) {
    return this.#groups.listConsumers(request)
  }

  ensureConsumer(request: ConsumerRef) {
    return this.#groups.ensureConsumer(request)
  }

  deleteConsumer(request: ConsumerRef & { readonly dropPending: boolean }) {
    return this.#groups.deleteConsumer(request)
  }

  async status(maxGroups = 0): Promise<EngineStatus> {
    const trouble = this.#isDraining
      ? 'The server is shutting down'
      : (this.#nodes.trouble() ?? this.#nodes.impairment())
    const servers = this.#nodes.servers().map((server) => ({
      address: server.address,
      server: server.capabilities?.server ?? 'unknown',
      isReady: server.trouble === undefined && server.impairment === undefined,
      reconnects: server.reconnects
    }))
    const groups = maxGroups === 0 ? [] : this.#counts.last().slice(0, maxGroups)
    const status = { ...this.#longPolls.size, groups, servers }
    return trouble === undefined ? { ready: true, ...status } : { ready: false, reason: trouble, ...status }
  }

  /** Nothing is gathered here: each request goes to Redis at once. */
  unkeptBytes(): number {
    return 0
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
  }

  async close(): Promise<void> {
    this.drain()
    if (this.#isClosed) return
    this.#isClosed = true
    this.#reconciler.close()
    this.#watch.close()
    this.#broadcast.close()
    await allAnswered(this.#nodes)
    this.#nodes.close()
  }

  /** Something happened in a group that no new entry tells of: here and on other Weir nodes it is looked at. */
  #changed({ stream, group }: GroupRef): void {
    this.#reconciler.idleTimes.forget(stream)
    void this.#longPolls.serve({ stream, group })
    this.#reconciler.lookIn(stream, 0)
    this.#broadcast.changed(stream)
  }
}
