import type { Taker } from '../contract/engine.ts'
import type { EngineError } from '../contract/errors.ts'
import { type WaitingLimits, WaitingRoom } from '../semantics/waiting-room.ts'
import { idleMs } from './core/delivery.ts'
import { Group } from './core/group.ts'
import { earlier, hasDue, nextDueAt } from './core/leases.ts'
import { type Place, type Waiting, WaitQueues } from './core/wait-queues.ts'

/** What a waiting reader does when its turn comes. */
export interface Poll<A> {
  readonly places: readonly Place[]
  readonly claimIdleMs?: number
  /** The reader has already reserved its place. */
  readonly hasPlace?: boolean
  /** Where the answer goes. */
  readonly taker?: Taker | undefined
  /**
   * Decides and commits an answer; null if there is nothing to answer. What it throws is an answer, too. If
   * the taker has no room for the answer, nothing changes.
   */
  attempt(): A | TakerFull | null
  /** Whether a limit of its own keeps the reader from new entries, so that an attempt would be in vain. */
  isHeldBack?(): boolean
  /** The answer if the deadline passes. */
  readonly emptyAnswer: A
}

/** An answer with this many bytes of fields exists, but its taker has no room for it. */
export class TakerFull {
  readonly bytes: number

  constructor(bytes: number) {
    this.bytes = bytes
  }
}

interface Waiter extends Waiting {
  readonly poll: Poll<unknown>
  resolve(answer: unknown): void
  reject(error: unknown): void
  timer: NodeJS.Timeout | undefined
  /** It belongs to the reader, and other listeners may be attached to it. */
  readonly signal: AbortSignal
  giveUp(): void
  /** Size of the last answer that the taker had no room for. */
  wantedBytes: number
}

/** `setTimeout` accepts at most 2^31 - 1 ms, and treats longer times as 1 ms. */
const MAX_TIMER_MS = 2_147_483_647

/**
 * Waiting readers, each with one deadline, served first come, first served. A place is woken once in a turn
 * of the event loop: everything appended in that turn is delivered together, to as many readers as it can
 * serve and no more.
 */
export class LongPolls {
  readonly #queues = new WaitQueues<Waiter>()
  readonly #now: () => number
  readonly #room: WaitingRoom
  readonly #woken = new Set<Place>()
  /** Places where an answer exists, but the taker of a reader has no room for it. */
  readonly #stalled = new Set<Place>()
  readonly #claimTimers = new Map<Group, { timer: NodeJS.Timeout; dueAt: number }>()
  #serving: NodeJS.Immediate | undefined
  #drained = false

  constructor(options: WaitingLimits & { now: () => number }) {
    this.#now = options.now
    this.#room = new WaitingRoom(options)
  }

  /** Number of waiting readers, and of the places where they wait. */
  get size(): { readonly waiting: number; readonly waitingPlaces: number } {
    return { waiting: this.#room.readers, waitingPlaces: this.#room.places }
  }

  /** Throws too-many-waiting if a reader would have to wait at this number of places and cannot. */
  admit(places: number, waitMs: number, signal: AbortSignal): void {
    if (this.#mayWait(waitMs, signal)) this.#room.admit(places)
  }

  /**
   * Counts a reader as waiting at one place until the returned function is called. Throws too-many-waiting.
   */
  takePlace(): () => void {
    return this.#room.takePlace()
  }

  /** Waits for the poll's turn, until the deadline or until `signal` aborts. Throws too-many-waiting. */
  wait<A>(poll: Poll<A>, waitMs: number, signal: AbortSignal): Promise<A> {
    if (!this.#mayWait(waitMs, signal)) return Promise.resolve(poll.emptyAnswer)
    if (poll.hasPlace !== true) this.#room.enter(poll.places.length)
    return new Promise<A>((resolve, reject) => {
      const { places, claimIdleMs } = poll
      const waiter: Waiter = {
        poll,
        places,
        ...(claimIdleMs !== undefined && { claimIdleMs }),
        resolve: resolve as (answer: unknown) => void,
        reject,
        timer: undefined,
        signal,
        giveUp: () => this.#settle(waiter, () => resolve(poll.emptyAnswer)),
        wantedBytes: 0
      }
      waiter.timer = setTimeout(waiter.giveUp, waitMs)
      signal.addEventListener('abort', waiter.giveUp)
      this.#queues.add(waiter)
      for (const place of places) {
        if (!(place instanceof Group)) continue
        // An entry may have fallen due since the read.
        if (hasDue(place, this.#now())) this.wake(place)
        this.watch(place)
      }
    })
  }

  /**
   * Serves the readers of a place at the end of this turn of the event loop. Returns false if none waits
   * there.
   */
  wake(place: Place): boolean {
    if (!this.#queues.has(place)) return false
    this.#woken.add(place)
    this.#serving ??= setImmediate(() => {
      this.#serving = undefined
      const places = [...this.#woken]
      this.#woken.clear()
      for (const woken of places) this.#serve(woken)
    })
    return true
  }

  /** Serves readers again whose takers had no room. */
  resume(): void {
    const places = [...this.#stalled]
    this.#stalled.clear()
    for (const place of places) this.wake(place)
  }

  /** Serves the readers that came first immediately, so that a new reader does not overtake them. */
  serveEarlier(place: Place): void {
    if (this.#woken.delete(place)) this.#serve(place)
  }

  /** The place no longer exists. Rejects all readers that wait there. */
  refuse(place: Place, error: EngineError): void {
    for (const waiter of this.#queues.at(place)) this.#settle(waiter, () => waiter.reject(error))
    if (place instanceof Group) this.#stopWatching(place)
    this.#stalled.delete(place)
  }

  /**
   * Sets a timer that serves waiting readers when an entry has been idle for long enough for one of them, or when one
   * falls due after `now`.
   */
  watch(group: Group, now = this.#now()): void {
    if (!this.#queues.has(group)) return
    const claimIdleMs = this.#queues.shortestClaimIdleMs(group)
    const oldest = claimIdleMs === null ? null : group.pending.oldestDeliveredAt()
    const idleAt = claimIdleMs === null || oldest === null ? null : oldest + claimIdleMs
    const dueAt = earlier(idleAt, nextDueAt(group, now))
    if (dueAt === null) return
    const timer = this.#claimTimers.get(group)
    // A timer that fires too early sets the next one.
    if (timer !== undefined && timer.dueAt <= dueAt) return
    clearTimeout(timer?.timer)
    const delayMs = Math.min(Math.max(0, dueAt - this.#now()), MAX_TIMER_MS)
    const fire = () => {
      this.#claimTimers.delete(group)
      this.#serve(group)
    }
    this.#claimTimers.set(group, { timer: setTimeout(fire, delayMs), dueAt })
  }

  /** Answers all readers as if their deadline had passed, now and from now on. */
  drain(): void {
    this.#drained = true
    for (const waiter of this.#queues.all())
      this.#settle(waiter, () => waiter.resolve(waiter.poll.emptyAnswer))
    for (const group of this.#claimTimers.keys()) this.#stopWatching(group)
  }

  #mayWait(waitMs: number, signal: AbortSignal): boolean {
    return waitMs > 0 && !this.#drained && !signal.aborted
  }

  #serve(place: Place): void {
    if (place instanceof Group) {
      const now = this.#now()
      this.#serveGroup(place, now)
      this.watch(place, now)
      return
    }
    for (const waiter of this.#queues.at(place)) this.#attempt(waiter, place)
  }

  /**
   * Delivers new and due entries to the first readers in line, then idle entries to the first readers that claim
   * them.
   */
  #serveGroup(group: Group, now: number): void {
    for (const waiter of this.#queues.at(group)) {
      if (!group.hasNew() && !hasDue(group, now)) break
      // The next reader may get what this one may not have.
      if (waiter.poll.isHeldBack?.() === true && !hasDue(group, now)) continue
      if (this.#attempt(waiter, group) === 'nothing') break
    }
    const claimIdleMs = this.#queues.shortestClaimIdleMs(group)
    if (claimIdleMs === null) return
    for (const waiter of this.#queues.claimingAt(group)) {
      const deliveredAt = group.pending.oldestDeliveredAt()
      if (deliveredAt === null) return
      const idle = idleMs({ deliveredAt }, this.#now())
      if (idle < claimIdleMs) return
      if (waiter.claimIdleMs !== undefined && idle >= waiter.claimIdleMs) this.#attempt(waiter, group)
    }
  }

  /** Tries to answer a reader. A reader whose taker has no room keeps its place in line. */
  #attempt(waiter: Waiter, place: Place): 'answered' | 'nothing' | 'stalled' {
    const { poll, wantedBytes } = waiter
    if (wantedBytes > 0 && poll.taker?.hasRoom(wantedBytes) === false) return this.#stall(place)
    try {
      const answer = poll.attempt()
      if (answer === null) return 'nothing'
      if (answer instanceof TakerFull) {
        waiter.wantedBytes = answer.bytes
        return this.#stall(place)
      }
      this.#settle(waiter, () => waiter.resolve(answer))
    } catch (error) {
      this.#settle(waiter, () => waiter.reject(error))
    }
    return 'answered'
  }

  #stall(place: Place): 'stalled' {
    this.#stalled.add(place)
    return 'stalled'
  }

  #settle(waiter: Waiter, answer: () => void): boolean {
    if (!this.#queues.delete(waiter)) return false
    if (waiter.poll.hasPlace !== true) this.#room.leave(waiter.places.length)
    clearTimeout(waiter.timer)
    waiter.signal.removeEventListener('abort', waiter.giveUp)
    answer()
    return true
  }

  #stopWatching(group: Group): void {
    clearTimeout(this.#claimTimers.get(group)?.timer)
    this.#claimTimers.delete(group)
  }
}
