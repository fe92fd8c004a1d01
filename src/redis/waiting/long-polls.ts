import type { EntryId } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import { type WaitingLimits, WaitingRoom } from '../../semantics/waiting-room.ts'
import type { Poll } from './poll.ts'
import { Rounds } from './rounds.ts'
import { type Place, type Waiting, WaitQueues } from './wait-queues.ts'
import { FULL, NOTHING, type Outcome, type Waiter } from './waiter.ts'

export interface LongPollsOptions extends WaitingLimits {
  /** Calls `wakeStream` when the stream gets an entry after this id. */
  readonly watch: (stream: string, after: EntryId) => void
  /** Called when a reader that claims idle entries starts to wait at this place. */
  readonly watchIdle: (place: Place) => void
  /** Why Redis cannot serve reads of streams, or of groups, now. Undefined if it can. */
  readonly trouble: (isInGroup: boolean) => string | undefined
}

/** The longest time that `setTimeout` accepts: 2^31 - 1 ms. It replaces a longer one by 1 ms. */
const MAX_TIMER_MS = 2_147_483_647

/** How many readers of a stream are served at once while their answers are small. */
const MAX_AT_ONCE = 64
/** The largest answer that counts as small. */
const SMALL_BYTES = 64 * 1024

/**
 * Readers that wait for entries, each with a deadline and without a connection of its own to Redis. When something
 * changes at a place, its readers are served first come, first served. Each place is served by one round at a time.
 */
export class LongPolls {
  readonly #options: LongPollsOptions
  readonly #queues = new WaitQueues<Waiter>()
  readonly #room: WaitingRoom
  readonly #rounds = new Rounds()
  /** Places with entries for a reader whose taker has no room. */
  readonly #stalled = new Map<string, Place>()
  #drained = false

  constructor(options: LongPollsOptions) {
    this.#options = options
    this.#room = new WaitingRoom(options)
  }

  /** The numbers of waiting readers, and of the places where they wait. */
  get size(): { readonly waiting: number; readonly waitingPlaces: number } {
    return { waiting: this.#room.readers, waitingPlaces: this.#room.places }
  }

  /** Who waits where. */
  get queues(): WaitQueues<Waiting> {
    return this.#queues
  }

  /** Counts a reader as waiting at one place until the returned function is called. Throws too-many-waiting. */
  takePlace(): () => void {
    return this.#room.takePlace()
  }

  /** Throws too-many-waiting unless there is room for a reader at this many places. */
  admit(places: number): void {
    this.#room.admit(places)
  }

  /**
   * Runs a first attempt to read, which shows whether the reader must wait at this many places. `run` is told whether
   * the reader has room to wait. That room is reserved during the attempt, so the reader can wait after it.
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
   * Waits for the poll's turn, until the deadline or until `signal` aborts. `lastIds`: the last ids of the streams at
   * the attempt just before. Throws too-many-waiting.
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

  /** Serves the readers again whose takers had no room. */
  resume(): void {
    const places = [...this.#stalled.values()]
    this.#stalled.clear()
    for (const place of places) void this.serve(place)
  }

  /** Serves all readers that wait at the stream or at one of its groups. */
  wakeStream(stream: string): void {
    for (const place of this.#queues.placesOf(stream)) void this.serve(place)
  }

  /**
   * Serves the readers that wait at a place. Resolves when a round that began after this call is over. `isQuiet`: if
   * there is nothing for a reader, changes nothing in Redis.
   */
  serve(place: Place, isQuiet = false): Promise<void> {
    return this.#rounds.run(nameOf(place), () => {
      if (this.#queues.at(place).size === 0) return undefined
      return this.#serveRound(place, isQuiet)
    })
  }

  /**
   * Serves the readers that claim entries idle for `idleMs`, first come, first served. Returns whether there was
   * anything for one of them.
   */
  async serveIdle(place: Place, idleMs: number): Promise<boolean> {
    let hasServed = false
    for (const waiter of this.#queues.claimingAt(place)) {
      if ((waiter.claimIdleMs ?? 0) > idleMs) continue
      if ((await this.#attempt(waiter, place)).kind === 'nothing') break
      hasServed = true
    }
    return hasServed
  }

  /** Answers all readers of a place with this error, because the place no longer exists. */
  refuse(place: Place, error: EngineError): void {
    for (const waiter of this.#queues.at(place)) this.#settle(waiter, () => waiter.reject(error))
  }

  /** Answers all readers, now and from now on, as if their deadline had passed. */
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
    // An answer that was too large for a reader is offered to the next reader with room for it.
    let wantedBytes = 0
    for (const waiter of this.#queues.at(place)) {
      const { kind, bytes } = await this.#attempt(waiter, place, wantedBytes, isQuiet)
      if (kind === 'nothing') return
      wantedBytes = kind === 'stalled' ? bytes : 0
    }
  }

  /**
   * Serves the readers of a stream, several at once while their answers are small. An answer occupies memory before its
   * size is known, so large ones are read one at a time.
   */
  async #serveReaders(place: Place): Promise<void> {
    const readers = [...this.#queues.at(place)]
    let atOnce = 1
    let wantedBytes = 0
    while (readers.length > 0) {
      const outcomes = await Promise.all(
        readers.splice(0, atOnce).map((waiter) => this.#attempt(waiter, place, wantedBytes))
      )
      wantedBytes = Math.max(...outcomes.map(({ bytes }) => bytes))
      atOnce = wantedBytes > SMALL_BYTES ? 1 : Math.min(MAX_AT_ONCE, 2 * atOnce)
    }
  }

  /**
   * Tries to read, and answers the reader if there is anything for it. A reader whose taker has no room, or no room for
   * `wantedBytes`, keeps its place in the queue.
   */
  async #attempt(waiter: Waiter, place: Place, wantedBytes = 0, isQuiet = false): Promise<Outcome> {
    // The change that started this round may have come after the attempt that is under way.
    while (waiter.running !== undefined) {
      const outcome = await waiter.running
      if (outcome.kind !== 'nothing' && outcome.kind !== 'full') return outcome
    }
    const bytes = Math.max(wantedBytes, waiter.wantedBytes)
    if (bytes > 0 && waiter.poll.taker?.hasRoom(bytes) === false) {
      this.#stalled.set(nameOf(place), place)
      return { kind: 'stalled', bytes }
    }
    waiter.running = this.#tryOnce(waiter, place, isQuiet)
    const outcome = await waiter.running
    waiter.running = undefined
    if (outcome.kind !== 'answered' && waiter.isExpired) this.#expire(waiter)
    return outcome
  }

  async #tryOnce(waiter: Waiter, place: Place, isQuiet: boolean): Promise<Outcome> {
    const { poll } = waiter
    try {
      const attempt = await poll.attempt(isQuiet)
      if (attempt.lastIds !== undefined) {
        this.#watch(attempt.lastIds)
        return attempt.isFull === true ? FULL : NOTHING
      }
      const { answer } = attempt
      const bytes = poll.bytesOf(answer)
      if (poll.taker?.take(bytes) === false) {
        waiter.wantedBytes = bytes
        this.#stalled.set(nameOf(place), place)
        poll.discard(answer)
        return { kind: 'stalled', bytes }
      }
      if (!this.#settle(waiter, () => waiter.resolve(answer))) {
        poll.taker?.release(bytes)
        poll.discard(answer)
      }
      return { kind: 'answered', bytes }
    } catch (error) {
      // The reader continues to wait. It is served when Redis is available again.
      if (error instanceof EngineError && error.code === 'engine-unavailable') return NOTHING
      this.#settle(waiter, () => waiter.reject(error))
      return { kind: 'answered', bytes: 0 }
    }
  }

  #watch(lastIds: ReadonlyMap<string, EntryId>): void {
    for (const [stream, lastId] of lastIds) {
      if (this.#queues.hasStream(stream)) this.#options.watch(stream, lastId)
    }
  }

  /** Answers a reader at its deadline: with an empty answer if Redis can be reached, else with engine-unavailable. */
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

  /** Ends a reader's wait with this answer. Returns false if it has left already. */
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
