import type * as contract from '../engine.ts'
import { formatId } from '../entry-id.ts'
import { EngineError } from '../errors.ts'
import type { Place } from './address.ts'
import * as appends from './appends.ts'
import { Calls } from './calls.ts'
import { GroupCounts } from './group-counts.ts'
import { GroupReads } from './group-reads.ts'
import { Keys } from './keys.ts'
import { Looks } from './looks.ts'
import { Messages } from './messages.ts'
import { type Nodes, openNodes } from './nodes.ts'
import { PendingLists } from './pending-lists.ts'
import { Polls } from './polls.ts'
import { endsOf, Reads } from './reads.ts'
import { refusalOf } from './refusals.ts'
import * as replies from './replies.ts'
import * as entries from './scripts/entries.ts'
import * as groups from './scripts/groups.ts'
import { cursorOf, namesOfPage, pageStart, streamNames } from './stream-names.ts'
import { Undoing } from './undoing.ts'
import { BlockingWatch, PollingWatch, type Watch } from './watch.ts'

export interface RedisOptions {
  readonly place: Place
  /** Before the names of streams, in their keys. */
  readonly prefix: string
  /** How many readers may wait at once. */
  readonly maxWaiting: number
  /** Connections are made and lost; each is told once. */
  readonly onUp?: () => void
  readonly onDown?: (error: Error) => void
}

/**
 * Opens the engine that keeps streams in Redis. It opens while Redis is down, too, and is not ready then. Rejects with
 * engine-unavailable when the server can be reached but is too old.
 */
export async function openRedisEngine(options: RedisOptions): Promise<contract.Engine> {
  const engine = new RedisEngine(options)
  await engine.opened()
  return engine
}

/** Each request is a command or a script on the key of its stream, and holds no connection while it waits. */
class RedisEngine implements contract.Engine {
  readonly #nodes: Nodes
  readonly #keys: Keys
  readonly #calls: Calls
  readonly #polls: Polls
  readonly #looks: Looks
  readonly #watch: Watch
  readonly #messages: Messages
  readonly #undoing: Undoing
  readonly #reads: Reads
  readonly #groupReads: GroupReads
  readonly #pending: PendingLists
  readonly #counts: GroupCounts
  #isDraining = false
  #isClosed = false

  constructor({ place, prefix, maxWaiting, onUp, onDown }: RedisOptions) {
    const keys = new Keys(prefix)
    const up = () => {
      onUp?.()
      this.#undoing.again()
      this.#looks.lookEverywhere()
    }
    const nodes = openNodes(place, { onUp: up, onDown: (error) => onDown?.(error) })
    const calls = new Calls(nodes, keys)
    const polls = new Polls({
      maxWaiting,
      watch: (stream, after) => this.#watch.watch(keys.keyOf(stream), after),
      watchIdle: ({ stream }) => looks.lookIn(stream, 0),
      trouble: () => nodes.trouble()
    })
    const looks = new Looks(calls, polls)
    const watching = {
      isWanted: (key: string) => polls.waiters.hasStream(keys.streamOf(key)),
      onNews: (key: string) => polls.wakeStream(keys.streamOf(key))
    }
    const [server] = nodes.servers()
    this.#watch =
      nodes.isCluster || server === undefined
        ? new PollingWatch(nodes, watching)
        : new BlockingWatch(server, () => nodes.locate(), watching)
    this.#messages = new Messages(nodes, keys.channel, (stream) => void looks.look(stream))
    this.#undoing = new Undoing(calls, (undone) => this.#changed(undone))
    this.#nodes = nodes
    this.#keys = keys
    this.#calls = calls
    this.#polls = polls
    this.#looks = looks
    this.#reads = new Reads(calls, polls)
    const knowsClaim = () => nodes.servers().every(({ capabilities }) => capabilities?.knowsClaim === true)
    this.#groupReads = new GroupReads({ calls, polls, looks, undoing: this.#undoing, knowsClaim })
    this.#pending = new PendingLists(calls)
    this.#counts = new GroupCounts(
      () => streamNames(nodes, keys, ''),
      (stream) => this.listGroups({ stream })
    )
  }

  async opened(): Promise<void> {
    await this.#nodes.opened
    const unsuitable = this.#nodes.servers().find((server) => server.unsuitable)?.unsuitable
    if (unsuitable === undefined) return
    await this.close()
    throw unsuitable
  }

  async listStreams(request: contract.ListStreamsRequest) {
    const { prefix, limit } = request
    const after = pageStart(request)
    this.#throwTrouble()
    const { names, more } = await namesOfPage(streamNames(this.#nodes, this.#keys, prefix), after, limit)
    const streams = (await Promise.all(names.map((name) => this.#glance(name)))).flat()
    const last = names.at(-1)
    return more && last !== undefined ? { streams, cursor: cursorOf(last) } : { streams }
  }

  async ensureStream(request: contract.StreamRef & { readonly onlyNew: boolean }) {
    const { stream, onlyNew } = request
    const created = (await this.#calls.script(entries.ENSURE_STREAM, { stream, isMaking: true })) === 1
    if (onlyNew && !created) throw new EngineError('stream-exists', `Stream "${stream}" exists`)
    return { created, ...(await this.getStream(request)) }
  }

  async getStream({ stream }: contract.StreamRef) {
    const info = await this.#calls.script(entries.STREAM, { stream })
    return replies.streamInfo(stream, info)
  }

  async describeStream({ stream, limit }: contract.StreamRef & { readonly limit: number }) {
    const described = await this.#calls.script(groups.DESCRIBE, { stream }, [String(limit)])
    return replies.streamDescription(stream, described, limit)
  }

  async setStreamId(request: contract.SetStreamIdRequest) {
    const { stream, lastId, entriesAdded = '', maxDeletedId = 0n } = request
    const args = [formatId(lastId), String(entriesAdded), formatId(maxDeletedId)]
    await this.#calls.script(entries.SET_STREAM_ID, { stream }, args)
    return this.getStream(request)
  }

  async deleteStream({ stream }: contract.StreamRef) {
    await this.#calls.script(entries.DELETE_STREAM, { stream })
    for (const place of this.#polls.waiters.placesOf(stream)) {
      this.#polls.refuse(place, refusalOf('stream-not-found', place))
    }
    this.#messages.changed(stream)
  }

  appendEntries(request: contract.AppendRequest) {
    return appends.appendEntries(this.#calls, request)
  }

  listEntries(request: contract.ListEntriesRequest, signal: AbortSignal) {
    return this.#reads.listEntries(request, signal)
  }

  async getEntry({ stream, id }: contract.StreamRef & { readonly id: bigint }) {
    const range = { stream, from: id, to: id, order: 'asc' as const, limit: 1 }
    const [entry] = (await this.#reads.range(range)).entries
    if (entry !== undefined) return entry
    throw new EngineError('entry-not-found', `Stream "${stream}" has no entry with this id`)
  }

  async deleteEntries({ stream, ids }: contract.StreamRef & { readonly ids: readonly bigint[] }) {
    const distinct = [...new Set(ids.map(formatId))]
    const [deleted, notFound] = replies.list(
      await this.#calls.script(entries.DELETE_ENTRIES, { stream }, distinct)
    )
    return { deleted: replies.count(deleted), notFound: replies.ids(notFound) }
  }

  async trimStream({ stream, trim }: contract.StreamRef & { readonly trim: contract.Trim }) {
    return replies.count(await this.#calls.script(entries.TRIM, { stream }, appends.trimArgs(trim)))
  }

  readStreams(request: contract.ReadStreamsRequest, signal: AbortSignal) {
    return this.#reads.readStreams(request, signal)
  }

  async listGroups({ stream }: contract.StreamRef) {
    return replies.groupInfos(await this.#calls.script(groups.GROUPS, { stream }))
  }

  async ensureGroup(request: contract.EnsureGroupRequest) {
    const { stream, group, after, entriesRead = '', createStream, onlyNew } = request
    const args = [group, placeArg(after), String(entriesRead), createStream ? '1' : '0']
    const subject = { stream, group, isMaking: createStream }
    const created = (await this.#calls.script(groups.ENSURE_GROUP, subject, args)) === 1
    if (onlyNew && !created) {
      throw new EngineError('group-exists', `Stream "${stream}" has a group "${group}"`)
    }
    return { created, ...(await this.getGroup(request)) }
  }

  async getGroup({ stream, group }: contract.GroupRef): Promise<contract.GroupInfo> {
    const subject = { stream, group }
    const [found] = replies.groupInfos(await this.#calls.script(groups.GROUPS, subject, [group]))
    if (found !== undefined) return found
    throw refusalOf('group-not-found', subject)
  }

  async updateGroup(request: contract.UpdateGroupRequest) {
    const { stream, group, after, entriesRead = '' } = request
    const args = [group, after === undefined ? '' : placeArg(after), String(entriesRead)]
    await this.#calls.script(groups.UPDATE_GROUP, { stream, group }, args)
    this.#changed({ stream, group })
    return this.getGroup(request)
  }

  async deleteGroup({ stream, group }: contract.GroupRef) {
    const place = { stream, group }
    await this.#calls.script(groups.DELETE_GROUP, place, [group])
    this.#polls.refuse(place, refusalOf('group-not-found', place))
    this.#messages.changed(stream)
  }

  readGroups(request: contract.ReadGroupsRequest, signal: AbortSignal) {
    return this.#groupReads.readGroups(request, signal)
  }

  ack(request: contract.AckRequest) {
    return this.#pending.ack(request)
  }

  listPending(request: contract.ListPendingRequest) {
    return this.#pending.listPending(request, endsOf(request))
  }

  getPendingSummary(request: contract.GroupRef) {
    return this.#pending.getPendingSummary(request)
  }

  async claim(request: contract.ClaimRequest) {
    const answer = await this.#pending.claim(request)
    // An entry may look older than it is now, and wake whoever waits for that.
    if (request.idleMs !== undefined || request.deliveredAt !== undefined) this.#changed(request)
    return answer
  }

  autoClaim(request: contract.AutoClaimRequest) {
    return this.#pending.autoClaim(request)
  }

  async listConsumers({ stream, group }: contract.GroupRef) {
    return replies.consumerInfos(await this.#calls.script(groups.CONSUMERS, { stream, group }, [group]))
  }

  async ensureConsumer({ stream, group, consumer }: contract.ConsumerRef) {
    const made = await this.#calls.script(groups.ENSURE_CONSUMER, { stream, group }, [group, consumer])
    return { created: made === 1 }
  }

  async deleteConsumer(request: contract.ConsumerRef & { readonly dropPending: boolean }) {
    const { stream, group, consumer, dropPending } = request
    const args = [group, consumer, dropPending ? '1' : '0']
    return replies.count(await this.#calls.script(groups.DELETE_CONSUMER, { stream, group, consumer }, args))
  }

  status(): contract.EngineStatus {
    const trouble = this.#isDraining ? 'The server is shutting down' : this.#nodes.trouble()
    const servers = this.#nodes.servers().map((server) => ({
      address: server.address,
      server: server.capabilities?.server ?? 'unknown',
      isReady: server.trouble === undefined,
      reconnects: server.reconnects
    }))
    const status = { waiting: this.#polls.waiters.size, groups: this.#counts, servers }
    return trouble === undefined ? { ready: true, ...status } : { ready: false, reason: trouble, ...status }
  }

  /** Nothing is gathered here: each request goes to Redis at once. */
  unkeptBytes(): number {
    return 0
  }

  drain(): void {
    this.#isDraining = true
    this.#polls.drain()
  }

  async close(): Promise<void> {
    this.drain()
    if (this.#isClosed) return
    this.#isClosed = true
    this.#looks.close()
    this.#watch.close()
    this.#messages.close()
    this.#nodes.close()
  }

  /** Something happened in a group that no new entry tells of: here and on other Weir nodes it is looked at. */
  #changed({ stream, group }: contract.GroupRef): void {
    void this.#polls.serve({ stream, group })
    this.#looks.lookIn(stream, 0)
    this.#messages.changed(stream)
  }

  /** Nothing for a stream that has gone since it was listed. */
  async #glance(name: string): Promise<contract.StreamPage['streams']> {
    try {
      const glance = await this.#calls.script(entries.GLANCE, { stream: name })
      const [length, lastId, entriesAdded, groupCount] = replies.list(glance)
      const counts = {
        length: replies.count(length),
        entriesAdded: replies.count(entriesAdded),
        groups: replies.count(groupCount)
      }
      return [{ name, lastId: replies.id(lastId), ...counts }]
    } catch (error) {
      if (error instanceof EngineError && error.code === 'stream-not-found') return []
      throw error
    }
  }

  /** A cluster without a server that is known would seem to have no streams. */
  #throwTrouble(): void {
    const trouble = this.#nodes.trouble()
    if (trouble !== undefined) throw new EngineError('engine-unavailable', trouble)
  }
}

function placeArg(after: bigint | 'last'): string {
  return after === 'last' ? '$' : formatId(after)
}
