import { setImmediate } from 'node:timers/promises'
import { EngineError } from '../contract/errors.ts'
import type { Committer } from './committer.ts'
import type { Change } from './core/change.ts'
import type { Decision } from './core/decide/decision.ts'
import {
  buryLapsed,
  deleteUnseen,
  type Examined,
  NOTHING_EXAMINED,
  nextBurial
} from './core/decide/upkeep.ts'
import type { Group } from './core/group.ts'
import { earlier, leaseEnd } from './core/leases.ts'
import { SortedList } from './core/sorted-list.ts'
import type { Stream } from './core/stream.ts'
import type { Streams } from './core/streams.ts'
import type { Changed } from './quotas.ts'

export interface UpkeepOptions {
  readonly streams: Streams
  readonly committer: Committer
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called when entries that should die cannot, and not again before it works. */
  onBlocked?(error: Error): void
}

/** A group with a policy. */
interface Kept {
  readonly group: Group
  /** When there may be something to do; null if there never is. */
  at: number | null
  examined: Examined
  /** When consumers may have to be deleted; null if never. */
  consumersAt: number | null
  /** The consumer after which the pass over all consumers continues. */
  after: string | null
}

/** The group was deleted, or has another policy by now. */
const GONE: Decision<null> = { changes: [], answer: null }

/** After a failure, the next attempt comes so much later. */
const RETRY_MS = 1000
/** `setTimeout` accepts at most 2^31 - 1 ms. */
const MAX_TIMER_MS = 2_147_483_647

/**
 * Does in time what the policies of groups say and nobody asks for: entries die after their last delivery, deleted
 * entries leave the pending list, and consumers that are gone are deleted. One timer, for the group that is next.
 * All changes are decided and committed like those of requests, in steps of bounded size, one after the other.
 *
 * That an entry is due needs no change, and so nothing here: readers see it by the time, and `LongPolls` wakes them.
 */
export class Upkeep {
  readonly #options: UpkeepOptions
  readonly #kept = new Map<Group, Kept>()
  readonly #queue = new SortedList<Kept & { readonly at: number }>(
    (a, b) => a.at - b.at || a.group.number - b.group.number
  )
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #isRunning = false
  #isStopped = false
  /** The groups where entries should die and could not, and why. */
  readonly #blocked = new Map<Kept, string>()

  /** Leases from before this moment last longer. */
  constructor(options: UpkeepOptions) {
    this.#options = options
    const startedAt = options.now()
    for (const { groups } of options.streams.from('')) {
      for (const group of groups.values()) {
        group.startedAt = startedAt
        // The replay of the journal knows only the turns since the last checkpoint.
        group.gaveDueLast = false
        if (group.policy !== null) this.#keep(group)
      }
    }
  }

  /** Why entries that should die could not; undefined if all is well. */
  get blocked(): string | undefined {
    return this.#blocked.values().next().value
  }

  /** Call it after each change. */
  notify({ change, stream, group }: Changed): void {
    if (change.kind === 'policySet') this.#policySet(stream, change.group)
    if (this.#kept.size === 0) return
    if (change.kind === 'streamDeleted') for (const each of stream.groups.values()) this.#forget(each)
    else if (change.kind === 'groupDeleted') this.#forget(group)
    else if (change.kind === 'entriesDeleted' || change.kind === 'trimmed') this.#entriesRemoved(stream)
    else this.#groupChanged(change, group)
  }

  /** Nothing more is done from now on. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  #policySet({ groups }: Stream, name: string): void {
    const group = groups.get(name)
    if (group === undefined) return
    this.#forget(group)
    if (group.policy !== null) this.#keep(group)
  }

  #keep(group: Group): void {
    const at = this.#options.now()
    const consumersAt = group.policy?.consumerTtlMs === undefined ? null : at
    const kept = { group, at: null, examined: NOTHING_EXAMINED, consumersAt, after: null }
    this.#kept.set(group, kept)
    this.#schedule(kept, at)
  }

  #forget(group: Group | undefined): void {
    const kept = group === undefined ? undefined : this.#kept.get(group)
    if (kept === undefined) return
    this.#schedule(kept, null)
    this.#blocked.delete(kept)
    this.#kept.delete(kept.group)
  }

  #entriesRemoved(stream: Stream): void {
    for (const group of stream.groups.values()) {
      const kept = this.#kept.get(group)
      if (kept !== undefined) this.#scheduleNext(kept)
    }
  }

  #groupChanged(change: Change, group: Group | undefined): void {
    const kept = group === undefined ? undefined : this.#kept.get(group)
    if (group === undefined || kept === undefined) return
    const { maxDeliveries, consumerTtlMs } = group.policy ?? {}
    if (consumerTtlMs !== undefined && kept.consumersAt === null && 'consumer' in change) {
      kept.consumersAt = this.#options.now() + consumerTtlMs
      this.#scheduleNext(kept)
    }
    if (maxDeliveries === undefined) return
    if (change.kind === 'claimed') {
      // A claim may set a delivery time before what was examined.
      const first = Math.min(...change.claims.map(({ deliveredAt }) => deliveredAt))
      const isBehind = kept.examined.lapsed.some((place) => place !== undefined && first <= place.at)
      if (isBehind) kept.examined = { ...kept.examined, lapsed: [] }
      if (isBehind) this.#schedule(kept, this.#options.now())
      else this.#scheduleNext(kept)
    } else if (change.kind === 'delivered' && change.ids.length > 0) {
      const endsAt = leaseEnd(group, change.at)
      if (endsAt !== null && (kept.at === null || kept.at > endsAt)) this.#scheduleNext(kept)
    }
  }

  /** There may be something to do earlier than before. */
  #scheduleNext(kept: Kept): void {
    const now = this.#options.now()
    // What is due already has not been looked at yet.
    if (kept.at === null || kept.at > now) this.#scheduleAfter(kept, now)
  }

  /** Everything that was due by this time is done. */
  #scheduleAfter(kept: Kept, now: number): void {
    this.#schedule(kept, earlier(nextBurial(kept.group, now), kept.consumersAt))
  }

  #schedule(kept: Kept, at: number | null): void {
    if (isQueued(kept)) this.#queue.delete(kept)
    kept.at = at
    if (isQueued(kept)) this.#queue.add(kept)
    if (at !== null && at < this.#timerAt) this.#setTimer()
  }

  #setTimer(): void {
    clearTimeout(this.#timer)
    const first = this.#queue.first()
    this.#timerAt = first?.at ?? Number.POSITIVE_INFINITY
    if (first === undefined || this.#isRunning || this.#isStopped) return
    const delayMs = Math.min(Math.max(0, first.at - this.#options.now()), MAX_TIMER_MS)
    this.#timer = setTimeout(() => void this.#run(), delayMs)
    // It need not keep a process alive that has nothing else to do.
    this.#timer.unref()
  }

  /** Does what is due, group by group. */
  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    for (;;) {
      const first = this.#queue.first()
      if (this.#isStopped || first === undefined || first.at > this.#options.now()) break
      await this.#step(first)
      await setImmediate()
    }
    this.#isRunning = false
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#setTimer()
  }

  async #step(kept: Kept): Promise<void> {
    try {
      const isCut = await this.#bury(kept)
      if (!isCut) await this.#deleteUnseen(kept)
      this.#blocked.delete(kept)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (this.#kept.get(kept.group) !== kept) return
      if (!this.#blocked.has(kept)) this.#options.onBlocked?.(error)
      this.#blocked.set(kept, error.message)
      this.#schedule(kept, this.#options.now() + RETRY_MS)
    }
  }

  /** Returns whether there is more to do now. */
  async #bury(kept: Kept): Promise<boolean> {
    const { group } = kept
    let isCut = false
    await this.#commit(
      kept,
      (now) => buryLapsed(this.#options.streams, group, kept.examined, now),
      (step, now) => {
        kept.examined = step.examined
        isCut = step.isCut
        if (isCut) this.#schedule(kept, now)
        else this.#scheduleAfter(kept, now)
      }
    )
    return isCut
  }

  /** Commits a step. One that changes nothing does not wait for the disk, since most groups have nothing to do. */
  async #commit<A>(
    kept: Kept,
    decide: (now: number) => Decision<A>,
    done: (answer: A, now: number) => void
  ): Promise<void> {
    let isIdle = false
    const committed = this.#options.committer.commitRelief(
      (now): Decision<A | null> => {
        const decision = this.#kept.get(kept.group) === kept ? decide(now) : GONE
        isIdle = decision.changes.length === 0
        return decision
      },
      (answer, now) => {
        if (answer !== null) done(answer, now)
      }
    )
    // If storage fails, requests report it.
    if (isIdle) committed.catch(() => undefined)
    else await committed
  }

  async #deleteUnseen(kept: Kept): Promise<void> {
    if (kept.consumersAt === null || kept.consumersAt > this.#options.now()) return
    const { group } = kept
    const ttlMs = group.policy?.consumerTtlMs ?? 0
    await this.#commit(
      kept,
      (at) => deleteUnseen(group, kept.after, at),
      (step, at) => {
        kept.after = step.last
        // After a full pass, the next one begins when a consumer can have been away for long enough. So that many
        // consumers do not cause a pass each, they may stay a tenth longer.
        if (step.last === null)
          kept.consumersAt = step.nextAt === null ? null : Math.max(step.nextAt, at + ttlMs / 10)
        this.#scheduleAfter(kept, at)
      }
    )
  }
}

function isQueued(kept: Kept): kept is Kept & { readonly at: number } {
  return kept.at !== null
}
