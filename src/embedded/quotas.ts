import type { EntryId } from '../contract/entry-id.ts'
import { EngineError } from '../contract/errors.ts'
import type { Change } from './core/change.ts'
import { distinct } from './core/distinct.ts'
import type { Group } from './core/group.ts'
import type { Stream } from './core/stream.ts'
import type { Streams } from './core/streams.ts'

/** Limits on the number of objects in total. */
export interface QuotaLimits {
  readonly streams: number
  readonly groups: number
  readonly consumers: number
  /** Pending entries, including returned ones that wait for the next reader, and dead ones. */
  readonly pending: number
}

export const UNBOUNDED: QuotaLimits = {
  streams: Number.POSITIVE_INFINITY,
  groups: Number.POSITIVE_INFINITY,
  consumers: Number.POSITIVE_INFINITY,
  pending: Number.POSITIVE_INFINITY
}

/** What a change affected, whether or not it still exists. */
export interface Changed {
  readonly change: Change
  readonly stream: Stream
  readonly group: Group | undefined
}

/** Counts streams, groups, consumers and pending entries, and limits them to what the server can handle. */
export class Quotas {
  readonly #streams: Streams
  readonly #limits: QuotaLimits
  readonly #counts = { streams: 0, groups: 0, consumers: 0, pending: 0 }

  constructor(streams: Streams, limits: QuotaLimits) {
    this.#streams = streams
    this.#limits = limits
    for (const stream of streams.from('')) {
      this.#counts.streams += 1
      for (const group of stream.groups.values()) this.#count(group, 1)
    }
  }

  get counts(): QuotaLimits {
    return { ...this.#counts }
  }

  /** How many further entries may become pending. If negative, none. */
  get pendingLeft(): number {
    return this.#limits.pending - this.#counts.pending
  }

  /** Throws limit-reached if the changes would exceed a limit. */
  admit(changes: readonly Change[]): void {
    const { streams, groups, consumers } = this.#limits
    const counts = this.#counts
    if (maxNewPending(changes) > this.pendingLeft) this.#admitPending(changes)
    if (counts.streams < streams && counts.groups < groups && counts.consumers < consumers) return
    for (const change of changes) {
      const created = this.#createdBy(change)
      if (created === undefined || counts[created] < this.#limits[created]) continue
      throw new EngineError('limit-reached', `Limit reached: ${counts[created]} ${created} exist`)
    }
  }

  /** Throws limit-reached because of the limit of pending entries. */
  refusePending(): never {
    const { pending } = this.#counts
    throw new EngineError(
      'limit-reached',
      `Limit reached: ${pending} entries are pending. Ack some and try again`
    )
  }

  /** Applies an admitted change and updates the counts. Returns undefined if its stream does not exist. */
  apply(change: Change): Changed | undefined {
    const before = this.#streams.get(change.stream)
    const group = 'group' in change ? before?.groups.get(change.group) : undefined
    if (change.kind === 'streamDeleted') {
      for (const one of before?.groups.values() ?? []) this.#count(one, -1)
      this.#counts.streams -= 1
    } else if (change.kind === 'streamCreated') {
      this.#counts.streams += 1
    }
    const scope = group ?? (KINDS[change.kind].removesEntries ? before : undefined)
    if (scope !== undefined) this.#countIn(scope, -1)
    this.#streams.apply(change)
    if (scope !== undefined && change.kind !== 'groupDeleted') this.#countIn(scope, 1)
    const stream = before ?? this.#streams.get(change.stream)
    if (stream === undefined) return undefined
    if (change.kind === 'groupSet' && group === undefined) this.#counts.groups += 1
    return { change, stream, group }
  }

  #countIn(scope: Group | Stream, by: 1 | -1): void {
    if ('groups' in scope) for (const group of scope.groups.values()) this.#count(group, by)
    else this.#count(scope, by)
  }

  #count(group: Group, by: 1 | -1): void {
    const counts = this.#counts
    counts.groups += by
    counts.consumers += by * group.consumers.size
    counts.pending += by * (group.pending.size + group.returned.size + group.dead.size)
  }

  #admitPending(changes: readonly Change[]): void {
    let left = this.pendingLeft
    for (const change of changes) {
      if (!MOVES_PENDING.has(change.kind)) continue
      const moving = change as MovesPending
      const group = this.#streams.get(moving.stream)?.groups.get(moving.group)
      left -= group === undefined ? 0 : newPending(moving, group)
      if (left < 0) this.refusePending()
    }
  }

  /** Returns what the change creates, if it does not exist yet. */
  #createdBy(change: Change): Counted | undefined {
    const { creates } = KINDS[change.kind]
    if (creates === null || creates === 'streams') return creates ?? undefined
    const group = 'group' in change ? this.#streams.get(change.stream)?.groups.get(change.group) : undefined
    if (creates === 'groups') return group === undefined ? creates : undefined
    return 'consumer' in change && group?.consumer(change.consumer) === undefined ? creates : undefined
  }
}

type Counted = 'streams' | 'groups' | 'consumers'

/** How a kind of change affects the counts. */
interface Effect {
  /** What it may create. A claim creates nothing, because `consumerSeen` comes before it. */
  readonly creates: Counted | null
  /** Whether it removes entries of a stream, which may be among the returned entries of its groups. */
  readonly removesEntries: boolean
}

const NOTHING: Effect = { creates: null, removesEntries: false }
const REMOVES: Effect = { creates: null, removesEntries: true }
const creates = (what: Counted): Effect => ({ creates: what, removesEntries: false })

/** The compiler refuses this table if a kind is missing. */
const KINDS: Readonly<Record<Change['kind'], Effect>> = {
  streamCreated: creates('streams'),
  streamDeleted: NOTHING,
  streamIdSet: NOTHING,
  appended: NOTHING,
  entriesDeleted: REMOVES,
  trimmed: REMOVES,
  groupSet: creates('groups'),
  groupDeleted: NOTHING,
  consumerSeen: creates('consumers'),
  consumerDeleted: NOTHING,
  delivered: creates('consumers'),
  claimed: NOTHING,
  acked: NOTHING,
  returned: NOTHING,
  policySet: NOTHING,
  nacked: NOTHING,
  died: NOTHING,
  entriesDeletedV1: REMOVES,
  trimmedV1: REMOVES
}

/** An upper bound of the number of entries that become pending. */
function maxNewPending(changes: readonly Change[]): number {
  let most = 0
  for (const change of changes) {
    if (change.kind === 'delivered' && !change.noAck) most += change.ids.length
    else if (change.kind === 'claimed') most += change.claims.length
    else if (change.kind === 'nacked') most += change.nacks.length
  }
  return most
}

type MovesPending = Extract<Change, { kind: 'acked' | 'delivered' | 'claimed' | 'nacked' }>

const MOVES_PENDING: ReadonlySet<Change['kind']> = new Set(['acked', 'delivered', 'claimed', 'nacked'])

/**
 * Number of entries that become pending and are not counted yet, less those that are acked. Returned and dead
 * entries are counted already.
 */
function newPending(change: MovesPending, group: Group): number {
  if (change.kind === 'delivered' && change.noAck) return 0
  const ids = distinct(idsIn(change))
  const counted = ids.filter((id) => isCounted(group, id)).length
  return change.kind === 'acked' ? -counted : ids.length - counted
}

function idsIn(change: MovesPending): readonly EntryId[] {
  if (change.kind === 'delivered' || change.kind === 'acked') return change.ids
  const moved: readonly { readonly id: EntryId }[] = change.kind === 'claimed' ? change.claims : change.nacks
  return moved.map(({ id }) => id)
}

function isCounted(group: Group, id: EntryId): boolean {
  return group.pending.get(id) !== undefined || group.hasReturned(id) || group.dead.has(id)
}
