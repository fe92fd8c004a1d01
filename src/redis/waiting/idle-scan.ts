import type { Place } from './wait-queues.ts'

/** What a look at a group's pending entries has found. */
interface Look {
  readonly at: number
  /** The longest that one of them had been idle; below 0 for none. Null when the look did not see all of them. */
  readonly oldestMs: number | null
  /** Where the next look begins. */
  readonly from: string
}

/** Native clients may claim an entry as if it had been idle for long, and tell nobody: so long a look is trusted. */
const TRUSTED_MS = 1000
/** Redis' clock counts whole milliseconds, and runs by itself. */
const MARGIN_MS = 2
const BEGINNING = '-'
/** Whoever comes later than that begins a look anew. */
const KEPT_MS = 60_000
/** So many groups at most, whatever is asked of them in that time. */
const MAX_PLACES = 100_000

/**
 * When it is worth looking for idle entries of a group again. Servers without an index by time have to go through what
 * is pending; but what has been idle for 300 ms now cannot have been idle for a second before 700 ms have passed.
 *
 * Invariant: streams, and the groups of each, are in the order of their last looks.
 */
export class IdleScan {
  readonly #now: () => number
  readonly #looks = new Map<string, Map<string, Look>>()
  #size = 0
  #generation = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Groups of which something is known. */
  get size(): number {
    return this.#size
  }

  /** To be asked for when a look is sent: what it finds is old when something has been forgotten since. */
  get generation(): number {
    return this.#generation
  }

  note({ stream, group = '' }: Place, look: Omit<Look, 'at'>, generation: number): void {
    if (generation !== this.#generation) return
    const at = this.#now()
    const groups = this.#looks.get(stream) ?? new Map<string, Look>()
    this.#looks.delete(stream)
    this.#looks.set(stream, groups)
    if (!groups.delete(group)) this.#size++
    groups.set(group, { at, ...look })
    this.#forgetOldest(groups, at)
    this.sweep()
  }

  /** Forgets what nobody has asked for: streams and groups go, and not all who remove them say so. */
  sweep(): void {
    const now = this.#now()
    for (const [stream, groups] of this.#looks) {
      this.#forgetOldest(groups, now)
      if (groups.size > 0 && this.#size <= MAX_PLACES) return
      this.#size -= groups.size
      this.#looks.delete(stream)
    }
  }

  /** Something is done in the stream that may make entries older. */
  forget(stream: string): void {
    this.#generation++
    this.#size -= this.#looks.get(stream)?.size ?? 0
    this.#looks.delete(stream)
  }

  /** Where a look begins. */
  from(place: Place): string {
    return this.#look(place)?.from ?? BEGINNING
  }

  /** How long nothing can have been idle for `wantedMs`; 0 when something may have been already. */
  restMs(place: Place, wantedMs: number): number {
    const look = this.#look(place)
    if (look === undefined || look.oldestMs === null) return 0
    const passedMs = this.#now() - look.at
    const neededMs = wantedMs - Math.max(0, look.oldestMs) - MARGIN_MS
    return Math.max(0, Math.min(neededMs, TRUSTED_MS) - passedMs)
  }

  #forgetOldest(groups: Map<string, Look>, now: number): void {
    for (const [group, { at }] of groups) {
      if (at + KEPT_MS > now && groups.size <= MAX_PLACES) return
      groups.delete(group)
      this.#size--
    }
  }

  #look({ stream, group = '' }: Place): Look | undefined {
    return this.#looks.get(stream)?.get(group)
  }
}
