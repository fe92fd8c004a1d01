import type { ConsumerInfo } from '../../src/contract/consumers.ts'
import type {
  DeliveredEntry,
  Delivery,
  GroupReadPlace,
  ReadGroupsRequest
} from '../../src/contract/deliveries.ts'
import type { Engine } from '../../src/contract/engine.ts'
import type { AppendEntry, Entry, EntryPage, ListEntriesRequest } from '../../src/contract/entries.ts'
import { type EntryId, MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import type { EnsureGroupRequest, GroupInfo } from '../../src/contract/groups.ts'
import type {
  AutoClaimRequest,
  ClaimAnswer,
  ClaimRequest,
  Nack,
  PendingSummary
} from '../../src/contract/pending.ts'
import type { ConsumerRef, GroupRef, StreamRef } from '../../src/contract/refs.ts'
import { fieldsJson, fieldsOf, id, type Shown, shown } from './fixtures.ts'

/*
 * Requests with defaults for what most tests do not care about.
 */

/** Entries with ids as a request writes them: "5-1", "5-*", or "*" for the next id. */
export function entries(...texts: string[]): AppendEntry[] {
  return texts.map((text) => {
    const fields = fieldsJson(fieldsOf(text))
    if (text === '*') return { fields }
    return text.endsWith('-*') ? { fields, idMs: BigInt(text.slice(0, -2)) } : { fields, id: id(text) }
  })
}

/** Appends an entry for each id, all in one request, and returns the ids that they got. */
export async function append(engine: Engine, stream: StreamRef, ...texts: string[]): Promise<string[]> {
  const request = { stream: stream.stream, entries: entries(...texts), createStream: true }
  return shown(await engine.appendEntries(request))
}

export async function appendOne(engine: Engine, stream: StreamRef, text: string): Promise<string> {
  const [id] = await append(engine, stream, text)
  if (id === undefined) throw new Error('The append returned no id')
  return id
}

type ListOptions = StreamRef & {
  readonly from?: string | EntryId
  readonly to?: string | EntryId
} & Partial<Pick<ListEntriesRequest, 'order' | 'limit' | 'waitMs'>>

/** The entries of a range, by default of the whole stream. */
export async function list(
  engine: Engine,
  options: ListOptions,
  signal?: AbortSignal
): Promise<Shown<Entry>[]> {
  return (await page(engine, options, signal)).entries
}

/** The same entries, with `next`. */
export async function page(
  engine: Engine,
  options: ListOptions,
  signal: AbortSignal = never()
): Promise<Shown<EntryPage>> {
  const { stream, from = MIN_ID, to = MAX_ID, order = 'asc', limit = 1000, waitMs = 0 } = options
  const start = from === 'next' ? from : bound(from)
  return shown(await engine.listEntries({ stream, from: start, to: bound(to), order, limit, waitMs }, signal))
}

/** Creates a group, by default at the beginning of the stream, and the stream if necessary. */
export async function makeGroup(
  engine: Engine,
  group: GroupRef,
  options: { after?: string } & Pick<EnsureGroupRequest, 'entriesRead' | 'delivery'> = {}
): Promise<void> {
  const { after = '0-0', ...rest } = options
  const { stream, group: name } = group
  const defaults = { createStream: true, onlyNew: true }
  await engine.ensureGroup({ stream, group: name, after: positionOf(after), ...defaults, ...rest })
}

/** Entries to nack, with their ids as texts. */
export type NackTexts = Omit<Nack, 'ids'> & { readonly ids: readonly string[] }

type ReadOptions = ConsumerRef & {
  readonly after?: string
  readonly ack?: readonly string[]
  readonly nack?: readonly NackTexts[]
} & Partial<Pick<ReadGroupsRequest, 'count' | 'waitMs' | 'noAck' | 'claimIdleMs' | 'maxDeliveries'>>

/** Reads one stream as one consumer. */
export function deliver(engine: Engine, options: ReadOptions, signal = never()): Promise<Delivery> {
  const { stream, after, ack, nack, group, consumer, ...rest } = options
  const streams: GroupReadPlace[] = [
    {
      stream,
      ...(after !== undefined && { after: id(after) }),
      ...(ack !== undefined && { ack: ack.map(id) }),
      ...(nack !== undefined && { nack: nack.map((one) => ({ ...one, ids: one.ids.map(id) })) })
    }
  ]
  return engine.readGroups({ group, consumer, streams, count: 10, waitMs: 0, noAck: false, ...rest }, signal)
}

/** The entries that such a read delivers. */
export async function read(
  engine: Engine,
  options: ReadOptions,
  signal?: AbortSignal
): Promise<Shown<DeliveredEntry>[]> {
  return entriesOf(await deliver(engine, options, signal))
}

/** The entries of a delivery from one stream. */
export function entriesOf(delivery: Delivery): Shown<DeliveredEntry>[] {
  return shown(delivery.streams).flatMap((stream) => stream.entries)
}

/** Every pending entry of a group with its owner, without its idle time. */
export async function pending(engine: Engine, group: GroupRef) {
  const { stream, group: name } = group
  const range = { from: MIN_ID, to: MAX_ID, limit: 1000, minIdleMs: 0 }
  const listed = await engine.listPending({ stream, group: name, ...range })
  return shown(listed).map(({ id, consumer, deliveries }) => ({ id, consumer, deliveries }))
}

/** The groups of a stream, all on one page. */
export async function groupsOf(engine: Engine, { stream }: StreamRef): Promise<readonly GroupInfo[]> {
  return (await engine.listGroups({ stream, limit: 1000 })).groups
}

/** The consumers of a group, all on one page. */
export async function consumersOf(engine: Engine, group: GroupRef): Promise<readonly ConsumerInfo[]> {
  const { stream, group: name } = group
  return (await engine.listConsumers({ stream, group: name, limit: 1000 })).consumers
}

export async function summaryOf(engine: Engine, group: GroupRef): Promise<Shown<PendingSummary>> {
  return shown(await engine.getPendingSummary({ ...group, limit: 1000 }))
}

type ClaimOptions = ConsumerRef & { readonly ids: readonly string[]; readonly lastId?: string } & Partial<
    Omit<ClaimRequest, 'ids' | 'lastId'>
  >

export async function claim(engine: Engine, options: ClaimOptions): Promise<Shown<ClaimAnswer>> {
  const { ids, lastId, ...rest } = options
  const position = lastId === undefined ? {} : { lastId: id(lastId) }
  const defaults = { minIdleMs: 0, force: false, justIds: false }
  return shown(await engine.claimEntries({ ...defaults, ...rest, ...position, ids: ids.map(id) }))
}

type AutoClaimOptions = ConsumerRef & { readonly from?: string } & Partial<Omit<AutoClaimRequest, 'from'>>

export async function autoClaim(engine: Engine, options: AutoClaimOptions) {
  const { from = '0-0', ...rest } = options
  const defaults = { minIdleMs: 0, count: 100, justIds: false }
  return shown(await engine.autoClaimEntries({ ...defaults, ...rest, from: id(from) }))
}

/** When a consumer was last seen and active. */
export async function moments(engine: Engine, { stream, group, consumer }: ConsumerRef) {
  const { groups } = await engine.describeStream({ stream, limit: 100 })
  const found = groups.find(({ name }) => name === group)?.consumers.find(({ name }) => name === consumer)
  if (found === undefined) throw new Error(`The group has no consumer "${consumer}"`)
  return { seenAt: found.seenAt, activeAt: found.activeAt }
}

/** A position in a stream: an id to continue after, or "last". */
export function positionOf(text: string): EntryId | 'last' {
  return text === 'last' ? text : id(text)
}

function bound(end: string | EntryId): EntryId {
  return typeof end === 'string' ? id(end) : end
}

/** A signal that is never aborted. */
function never(): AbortSignal {
  return new AbortController().signal
}
