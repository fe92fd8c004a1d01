import { count, id, list } from '../commands/replies.ts'
import type { StreamCommands } from '../commands/stream-commands.ts'
import { isRefused, refusalOf } from '../connection/redis-errors.ts'
import { CHECK_STREAM } from '../scripts/generated.ts'
import { IdleScan } from './idle-scan.ts'
import type { LongPolls } from './long-polls.ts'
import type { Place } from './wait-queues.ts'

/**
 * How often each stream with waiting readers is checked. Native clients destroy and move groups without notifying Weir.
 */
const INTERVAL_MS = 1000
/** How many streams are checked in each interval. */
const MAX_STREAMS = 1000
/** The pause after due entries were delivered, before the next check for others. */
const DUE_PAUSE_MS = 100
/** The shortest interval at which a group with a time limit is checked: entries that others got may fall due there. */
const MIN_INTERVAL_MS = 50
/** The shortest delay before a stream is checked again for idle entries. */
const MIN_DELAY_MS = 20
/**
 * The longest delay. A check that is due later is moved up to it, because its readers and its stream may no longer exist
 * by then.
 */
const MAX_DELAY_MS = 60_000

/**
 * Checks the streams with waiting readers for changes that come without a new entry: streams and groups that were
 * deleted or moved, returned entries, and entries that have been idle for long enough. One check serves all readers of
 * a stream.
 */
export class Reconciler {
  readonly #commands: StreamCommands
  readonly #longPolls: LongPolls
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; at: number }>()
  /** Checks under way. `again`: another check follows, because it was requested meanwhile. */
  readonly #checking = new Map<string, { again: boolean }>()
  /** When entries of a group can be idle for long enough to be claimed. */
  readonly idleTimes = new IdleScan()
  readonly #lastIds = new Map<string, bigint>()
  readonly #interval: NodeJS.Timeout
  /** Where the next interval starts in the list of streams. */
  #offset = 0

  constructor(commands: StreamCommands, longPolls: LongPolls) {
    this.#commands = commands
    this.#longPolls = longPolls
    this.#interval = setInterval(() => this.#checkSome(), INTERVAL_MS)
  }

  /** Checks a stream when its group can have entries for the readers that claim idle entries there. */
  watchIdle(place: Place): void {
    const wanted = this.#longPolls.queues.shortestClaimIdleMs(place)
    if (wanted !== null) this.checkWithin(place.stream, this.idleTimes.dueInMs(place, wanted))
  }

  /** Checks a stream after a delay, unless a check is due earlier. */
  checkWithin(stream: string, delayMs: number): void {
    if (!this.#longPolls.queues.hasStream(stream)) return
    const ms = Math.min(delayMs, MAX_DELAY_MS)
    const at = performance.now() + ms
    const due = this.#timers.get(stream)
    if (due !== undefined && due.at <= at) return
    clearTimeout(due?.timer)
    const onDue = () => {
      this.#timers.delete(stream)
      void this.check(stream)
    }
    this.#timers.set(stream, { timer: setTimeout(onDue, ms), at })
  }

  /**
   * Call it when entries were delivered at a place: readers there may claim them once they are idle for long enough, or
   * get them when they fall due.
   */
  delivered(place: Place, ackTimeoutMs: number | null): void {
    const wanted = this.#longPolls.queues.shortestClaimIdleMs(place)
    if (wanted !== null) this.checkWithin(place.stream, wanted)
    if (ackTimeoutMs !== null) this.checkWithin(place.stream, ackTimeoutMs)
  }

  /** Checks a stream now. If a check is under way, another one follows it. */
  async check(stream: string): Promise<void> {
    const running = this.#checking.get(stream)
    if (running !== undefined) {
      running.again = true
      return
    }
    const own = { again: true }
    this.#checking.set(stream, own)
    try {
      while (own.again) {
        own.again = false
        await this.#checkOnce(stream).catch(ignoreRefusal)
      }
    } finally {
      this.#checking.delete(stream)
    }
  }

  /** Checks all streams with waiting readers. Call it after a time in which changes may have been missed. */
  checkAll(): void {
    for (const stream of this.#longPolls.queues.streams()) this.checkWithin(stream, 0)
  }

  close(): void {
    clearInterval(this.#interval)
    for (const { timer } of this.#timers.values()) clearTimeout(timer)
  }

  #checkSome(): void {
    this.idleTimes.sweep()
    const streams = [...this.#longPolls.queues.streams()]
    for (const name of this.#lastIds.keys()) {
      if (!this.#longPolls.queues.hasStream(name)) this.#lastIds.delete(name)
    }
    if (this.#offset >= streams.length) this.#offset = 0
    for (const stream of streams.slice(this.#offset, this.#offset + MAX_STREAMS)) this.checkWithin(stream, 0)
    this.#offset += MAX_STREAMS
  }

  async #checkOnce(stream: string): Promise<void> {
    const { queues } = this.#longPolls
    const places = queues.placesOf(stream)
    if (places.length === 0) return
    const groups = places.filter(({ group }) => group !== undefined)
    const args = groups.flatMap((place) => [
      place.group ?? '',
      String(queues.shortestClaimIdleMs(place) ?? ''),
      this.idleTimes.from(place)
    ])
    const { generation } = this.idleTimes
    const [lastId, results] = list(await this.#commands.script(CHECK_STREAM, { stream }, { groups: args }))
    if (lastId === null || lastId === undefined) {
      this.idleTimes.forget(stream)
      for (const place of places) this.#longPolls.refuse(place, refusalOf('stream-not-found', place))
      return
    }
    this.#noteLastId(stream, id(lastId))
    for (const [index, place] of groups.entries()) {
      const [state, idle, from, isComplete, dueIn, timeout] = list(list(results)[index])
      if (args[3 * index + 1] !== '') {
        const oldestMs = isComplete === '1' ? count(idle) : null
        this.idleTimes.note(place, { from: String(from), oldestMs }, generation)
      }
      if (state === 'gone') this.#longPolls.refuse(place, refusalOf('group-not-found', place))
      else if (state === 'new') void this.#longPolls.serve(place)
      this.#serveIdle(place, count(idle))
      this.#serveDue(place, count(dueIn), count(timeout))
    }
  }

  /**
   * Wakes the readers of a stream that was deleted and created again: its ids may be lower than those they wait for.
   */
  #noteLastId(stream: string, lastId: bigint): void {
    const known = this.#lastIds.get(stream)
    this.#lastIds.set(stream, lastId)
    if (known !== undefined && lastId < known) this.#longPolls.wakeStream(stream)
  }

  /** `dueInMs`: when an entry falls due, negative if none will. `timeoutMs`: negative if there is no time limit. */
  #serveDue(place: Place, dueInMs: number, timeoutMs: number): void {
    if (dueInMs === 0) {
      const checkAgain = () => this.checkWithin(place.stream, DUE_PAUSE_MS)
      this.#longPolls.serve(place).then(checkAgain, ignoreRefusal)
    } else if (dueInMs > 0) this.checkWithin(place.stream, dueInMs)
    if (timeoutMs < 0) return
    this.checkWithin(place.stream, Math.max(MIN_INTERVAL_MS, Math.min(INTERVAL_MS, timeoutMs / 2)))
  }

  /** `idle`: the idle time of the entry that can be claimed first. Negative if there is none. */
  #serveIdle(place: Place, idle: number): void {
    const wanted = this.#longPolls.queues.shortestClaimIdleMs(place)
    if (wanted === null) return
    if (idle < wanted) {
      // Entries delivered from now on have an idle time of 0, so this one is the first to reach `wanted`.
      const delayMs = Math.max(MIN_DELAY_MS, wanted - Math.max(0, idle))
      this.checkWithin(place.stream, Math.min(INTERVAL_MS, delayMs))
      return
    }
    // An entry that nobody takes was delivered too often for them. Others may be found meanwhile.
    const checkAgain = (hasServed: boolean) =>
      this.checkWithin(place.stream, hasServed ? MIN_DELAY_MS : INTERVAL_MS)
    this.#longPolls.serveIdle(place, idle).then(checkAgain, ignoreRefusal)
  }
}

/** Readers get the error at their deadline. When Redis is available again, all streams are checked. */
function ignoreRefusal(error: unknown): void {
  if (!isRefused(error)) throw error
}
