import type { Taker } from '../../contract/engine.ts'
import type { EntryId } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import { type WaitingLimits, WaitingRoom } from '../../semantics/waiting-room.ts'
import { type Place, type Waiting, WaitQueues } from './wait-queues.ts'

/** What was there for a reader; or, when it was nothing, the last ids of the streams then. */
export type Attempt<A> =
  | { readonly answer: A; readonly lastIds?: undefined }
  | { readonly lastIds: ReadonlyMap<string, EntryId> }

/** What a reader that waits does when its turn comes. */
export interface Poll<A> {
  readonly places: readonly Place[]
  readonly claimIdleMs?: number
  /** The reader has taken its place already. */
  readonly hasPlace?: boolean
  /** `isQuiet`: without a trace when there is nothing. */
  attempt(isQuiet: boolean): Promise<Attempt<A>>
  /** Where the answer goes, and how many bytes of fields it has. */
  readonly taker: Taker | undefined
  bytesOf(answer: A): number
  /** Takes back an answer that nobody waits for any more, or that its taker has no room for. */
  discard(answer: A): void
  /** The answer when the deadline has passed. */
  readonly nothing: A
}

export interface LongPollsOptions extends WaitingLimits {
  /** Tells when the stream gets an entry after this one. */
  readonly watch: (stream: string, after: EntryId) => void
  /** Somebody waits at this place who would claim entries. */
  readonly watchIdle: (place: Place) => void
  /** Why Redis cannot be asked now for entries of a stream, or of a group; undefined when it can. */
  readonly trouble: (isInGroup: boolean) => string | undefined
}

/** What became of an attempt to serve a reader, and how many bytes of fields its answer has, given or not. */
interface Outcome {
  readonly what: 'answered' | 'nothing' | 'stalled'
  readonly bytes: number
}

const NOTHING_THERE: Outcome = { what: 'nothing', bytes: 0 }

interface Waiter extends Waiting {
  readonly poll: Poll<unknown>
  resolve(answer: unknown): void
  reject(error: unknown): void
  timer: NodeJS.Timeout | undefined
  /** The attempt that is under way. */
  running: Promise<Outcome> | undefined
  /** Of the last answer that its taker had no room for. */
  wantedBytes: number
  /** Its time is up: it takes what that attempt gives, and then leaves. */
  isExpired: boolean
  /** Of whoever waits, and of much else that it waits for. */
  readonly signal: AbortSignal
  giveUp(): void
}

/** One time through a queue. */
interface Round {
  readonly done: Promise<void>
  /** The one behind it, when somebody has asked for it. */
  next: Promise<void> | undefined
}

/** `setTimeout` takes no more than 2^31 - 1 ms and turns what is above into 1. */
const MAX_TIMER_MS = 2_147_483_647

/** How many readers of a stream are served at once while their answers are small. */
const MOST_AT_ONCE = 64
const SMALL_BYTES = 64 * 1024

/**
 * Readers that wait, each with one deadline and no connection, served first come first served when their place has
 * news. A place is served by one round at a time; news that comes meanwhile starts another one behind it.
 */
export class LongPolls {
  readonly #options: LongPollsOptions
  readonly #queues = new WaitQueues<Waiter>()
  readonly #room: WaitingRoom
  readonly #rounds = new Map<string, Round>()
  /** Where somebody waits for room to take what is there. */
  readonly #stalled = new Map<string, Place>()
  #drained = false

  constructor(options: LongPollsOptions) {
    this.#options = options
    this.#room = new WaitingRoom(options)
  }

  /** Readers that wait now, and the places where they do. */
  get size(): { readonly waiting: number; readonly waitingPlaces: number } {
    return { waiting: this.#room.readers, waitingPlaces: this.#room.places }
  }

  /** Who waits where, for those who look whether there is something for them. */
  get queues(): WaitQueues<Waiting> {
    return this.#queues
  }

  /** Counts a reader as waiting at one place until the returned function is called. Throws too-many-waiting. */
  takePlace(): () => void {
    return this.#room.takePlace()
  }

  /**
   * Runs what finds out whether a reader must wait at so many places, and tells it whether there is room for that. The
   * room is kept for it meanwhile, so that a reader that was told so can wait at the end of it.
   */
  async withRoom<A>(
    places: number,
    waitMs: number,
    signal: AbortSignal,
    run: (hasRoom: boolean) => Promise<A>
  ): Promise<A> {
    if (!this.#mayWait(waitMs, signal)) return run(true)
    if (!this.#room.reserve(places)) return run(false)
    try {
      return await run(true)
    } finally {
      this.#room.release(places)
    }
  }

  /**
   * Waits for the poll's turn, until the deadline or until `signal` aborts; `lastIds` are those that an attempt has
   * seen just now. Throws too-many-waiting.
   */
  wait<A>(
    poll: Poll<A>,
    lastIds: ReadonlyMap<string, EntryId>,
    waitMs: number,
    signal: AbortSignal
  ): Promise<A> {
    if (!this.#mayWait(waitMs, signal)) return Promise.resolve(poll.nothing)
    if (poll.hasPlace !== true) this.#room.enter(poll.places.length)
    return new Promise<A>((resolve, reject) => {
      const { places, claimIdleMs } = poll
      const waiter: Waiter = {
        poll: poll as Poll<unknown>,
        places,
        ...(claimIdleMs !== undefined && { claimIdleMs }),
        resolve: resolve as (answer: unknown) => void,
        reject,
        timer: undefined,
        running: undefined,
        wantedBytes: 0,
        isExpired: false,
        signal,
        giveUp: () => this.#settle(waiter, () => resolve(poll.nothing))
      }
      waiter.timer = setTimeout(() => this.#expire(waiter), Math.min(waitMs, MAX_TIMER_MS))
      signal.addEventListener('abort', waiter.giveUp)
      this.#queues.add(waiter)
      this.#watch(lastIds)
      if (claimIdleMs !== undefined) for (const place of places) this.#options.watchIdle(place)
    })
  }

  /** Serves those again whose takers had no room. */
  resume(): void {
    const places = [...this.#stalled.values()]
    this.#stalled.clear()
    for (const place of places) void this.serve(place)
  }

  /** The stream has news: all who wait there and in its groups are served. */
  wakeStream(stream: string): void {
    for (const place of this.#queues.placesOf(stream)) void this.serve(place)
  }

  /**
   * Serves whoever waits at a place. Resolves when a round that began after this call is over. `isQuiet`: there may be
   * nothing for anybody, which then leaves no trace.
   */
  serve(place: Place, isQuiet = false): Promise<void> {
    const name = nameOf(place)
    const running = this.#rounds.get(name)
    if (running !== undefined) {
      // One round behind it is for all who ask while it runs: however many come, each waits for two at most.
      running.next ??= running.done.then(() => this.serve(place, isQuiet))
      return running.next
    }
    if (this.#queues.at(place).size === 0) return Promise.resolve()
    const done = this.#serveRound(place, isQuiet).finally(() => this.#rounds.delete(name))
    this.#rounds.set(name, { done, next: undefined })
    return done
  }

  /** Serves those for whom an entry is idle for long enough, the first in line first. */
  async serveIdle(place: Place, idleMs: number): Promise<void> {
    for (const waiter of this.#queues.claimingAt(place)) {
      if ((waiter.claimIdleMs ?? 0) > idleMs) continue
      if ((await this.#attempt(waiter, place)).what === 'nothing') return
    }
  }

  /** The place is gone, and this is the answer of all who wait there. */
  refuse(place: Place, error: EngineError): void {
    for (const waiter of this.#queues.at(place)) this.#settle(waiter, () => waiter.reject(error))
  }

  /** Gives everybody the answer of a passed deadline, now and from now on. */
  drain(): void {
    this.#drained = true
    for (const waiter of this.#queues.all()) this.#settle(waiter, () => waiter.resolve(waiter.poll.nothing))
  }

  #mayWait(waitMs: number, signal: AbortSignal): boolean {
    return waitMs > 0 && !this.#drained && !signal.aborted
  }

  async #serveRound(place: Place, isQuiet: boolean): Promise<void> {
    if (place.group === undefined) {
      await this.#serveReaders(place)
      return
    }
    // What was too large for one is offered to the next who has room for it.
    let wantedBytes = 0
    for (const waiter of this.#queues.at(place)) {
      const { what, bytes } = await this.#attempt(waiter, place, wantedBytes, isQuiet)
      if (what === 'nothing') return
      wantedBytes = what === 'stalled' ? bytes : 0
    }
  }

  /** Asks for many at once as long as what they get is small: an answer takes memory before it is known how large it is. */
  async #serveReaders(place: Place): Promise<void> {
    const readers = [...this.#queues.at(place)]
    let atOnce = 1
    let wantedBytes = 0
    while (readers.length > 0) {
      const outcomes = await Promise.all(
        readers.splice(0, atOnce).map((waiter) => this.#attempt(waiter, place, wantedBytes))
      )
      wantedBytes = Math.max(...outcomes.map(({ bytes }) => bytes))
      atOnce = wantedBytes > SMALL_BYTES ? 1 : Math.min(MOST_AT_ONCE, 2 * atOnce)
    }
  }

  /** Answers a reader with what is there. One whose taker has no room, also not for `wantedBytes`, keeps its place. */
  async #attempt(waiter: Waiter, place: Place, wantedBytes = 0, isQuiet = false): Promise<Outcome> {
    // What woke this round may have come after the attempt that is under way.
    while (waiter.running !== undefined) {
      const outcome = await waiter.running
      if (outcome.what !== 'nothing') return outcome
    }
    const bytes = Math.max(wantedBytes, waiter.wantedBytes)
    if (bytes > 0 && waiter.poll.taker?.hasRoom(bytes) === false) {
      this.#stalled.set(nameOf(place), place)
      return { what: 'stalled', bytes }
    }
    waiter.running = this.#tryOnce(waiter, place, isQuiet)
    const outcome = await waiter.running
    waiter.running = undefined
    if (outcome.what !== 'answered' && waiter.isExpired) this.#expire(waiter)
    return outcome
  }

  async #tryOnce(waiter: Waiter, place: Place, isQuiet: boolean): Promise<Outcome> {
    const { poll } = waiter
    try {
      const attempt = await poll.attempt(isQuiet)
      if (attempt.lastIds !== undefined) {
        this.#watch(attempt.lastIds)
        return NOTHING_THERE
      }
      const { answer } = attempt
      const bytes = poll.bytesOf(answer)
      if (poll.taker?.take(bytes) === false) {
        waiter.wantedBytes = bytes
        this.#stalled.set(nameOf(place), place)
        poll.discard(answer)
        return { what: 'stalled', bytes }
      }
      if (!this.#settle(waiter, () => waiter.resolve(answer))) {
        poll.taker?.release(bytes)
        poll.discard(answer)
      }
      return { what: 'answered', bytes }
    } catch (error) {
      // It waits on: when Redis is back, it is served.
      if (error instanceof EngineError && error.code === 'engine-unavailable') return NOTHING_THERE
      this.#settle(waiter, () => waiter.reject(error))
      return { what: 'answered', bytes: 0 }
    }
  }

  #watch(lastIds: ReadonlyMap<string, EntryId>): void {
    for (const [stream, lastId] of lastIds) {
      if (this.#queues.hasStream(stream)) this.#options.watch(stream, lastId)
    }
  }

  /** That there is nothing is only said when Redis can be asked. */
  #expire(waiter: Waiter): void {
    if (waiter.running !== undefined) {
      waiter.isExpired = true
      return
    }
    const isInGroup = waiter.places.some(({ group }) => group !== undefined)
    const trouble = this.#options.trouble(isInGroup)
    this.#settle(waiter, () => {
      if (trouble === undefined) waiter.resolve(waiter.poll.nothing)
      else waiter.reject(new EngineError('engine-unavailable', trouble))
    })
  }

  #settle(waiter: Waiter, answer: () => void): boolean {
    if (!this.#queues.delete(waiter)) return false
    if (waiter.poll.hasPlace !== true) this.#room.leave(waiter.places.length)
    clearTimeout(waiter.timer)
    waiter.signal.removeEventListener('abort', waiter.giveUp)
    answer()
    return true
  }
}

function nameOf({ stream, group }: Place): string {
  return JSON.stringify([stream, group])
}
