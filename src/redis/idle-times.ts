import type { Place } from './waiters.ts'

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

/**
 * When it is worth looking for idle entries of a group again. Servers without an index by time have to go through what
 * is pending; but what has been idle for 300 ms now cannot have been idle for a second before 700 ms have passed.
 */
export class IdleTimes {
  readonly #looks = new Map<string, Map<string, Look>>()
  #generation = 0

  /** To be asked for when a look is sent: what it finds is old when something has been forgotten since. */
  get generation(): number {
    return this.#generation
  }

  note({ stream, group = '' }: Place, look: Omit<Look, 'at'>, generation: number): void {
    if (generation !== this.#generation) return
    const groups = this.#looks.get(stream) ?? new Map<string, Look>()
    this.#looks.set(stream, groups)
    groups.set(group, { at: performance.now(), ...look })
  }

  /** Something is done in the stream that may make entries older. */
  forget(stream: string): void {
    this.#generation++
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
    const passedMs = performance.now() - look.at
    const neededMs = wantedMs - Math.max(0, look.oldestMs) - MARGIN_MS
    return Math.max(0, Math.min(neededMs, TRUSTED_MS) - passedMs)
  }

  #look({ stream, group = '' }: Place): Look | undefined {
    return this.#looks.get(stream)?.get(group)
  }
}
