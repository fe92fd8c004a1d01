import type { Place } from './wait-queues.ts'

/** The result of a scan of a group's pending entries. */
interface Scan {
  readonly at: number
  /** The idle time of the oldest entry. Negative if there is none, null if the scan did not cover all entries. */
  readonly oldestMs: number | null
  /** Where the next scan starts. */
  readonly from: string
}

/** How long a scan counts. Native clients may set an entry's idle time to any value, and Weir is not notified. */
const VALID_MS = 1000
/** Redis' clock counts whole milliseconds, and may differ from ours. */
const MARGIN_MS = 2
const START = '-'
/** A scan is forgotten after this time. The next one starts at the beginning. */
const KEPT_MS = 60_000
/** The highest number of groups whose scans are kept. */
const MAX_PLACES = 100_000

/**
 * Decides when to scan a group for idle entries again. Redis has no index by time, so a scan reads the pending list.
 * But if the oldest entry has been idle for 300 ms, no entry can have been idle for a second until 700 ms from now.
 *
 * Invariant: streams, and the groups of each stream, are in the order of their last scans.
 */
export class IdleScan {
  readonly #now: () => number
  readonly #scans = new Map<string, Map<string, Scan>>()
  #size = 0
  #generation = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The number of groups whose scans are kept. */
  get size(): number {
    return this.#size
  }

  /** Read this before a scan is sent, and pass it to `note`. It changes whenever a scan is forgotten. */
  get generation(): number {
    return this.#generation
  }

  /** Keeps the result of a scan, unless any scan was forgotten after it was sent. */
  note({ stream, group = '' }: Place, scan: Omit<Scan, 'at'>, generation: number): void {
    if (generation !== this.#generation) return
    const at = this.#now()
    const groups = this.#scans.get(stream) ?? new Map<string, Scan>()
    this.#scans.delete(stream)
    this.#scans.set(stream, groups)
    if (!groups.delete(group)) this.#size++
    groups.set(group, { at, ...scan })
    this.#forgetOldest(groups, at)
    this.sweep()
  }

  /** Forgets old scans. Their streams and groups may no longer exist, since native clients delete them unnoticed. */
  sweep(): void {
    const now = this.#now()
    for (const [stream, groups] of this.#scans) {
      this.#forgetOldest(groups, now)
      if (groups.size > 0 && this.#size <= MAX_PLACES) return
      this.#size -= groups.size
      this.#scans.delete(stream)
    }
  }

  /** Forgets the scans of a stream. Call it for any change that may raise the idle time of its entries. */
  forget(stream: string): void {
    this.#generation++
    this.#size -= this.#scans.get(stream)?.size ?? 0
    this.#scans.delete(stream)
  }

  /** Where the next scan of a group starts. */
  from(place: Place): string {
    return this.#scanOf(place)?.from ?? START
  }

  /** How long it takes until an entry can have been idle for `idleMs`. 0 if one may have been already. */
  dueInMs(place: Place, idleMs: number): number {
    const scan = this.#scanOf(place)
    if (scan === undefined || scan.oldestMs === null) return 0
    const passedMs = this.#now() - scan.at
    const neededMs = idleMs - Math.max(0, scan.oldestMs) - MARGIN_MS
    return Math.max(0, Math.min(neededMs, VALID_MS) - passedMs)
  }

  #forgetOldest(groups: Map<string, Scan>, now: number): void {
    for (const [group, { at }] of groups) {
      if (at + KEPT_MS > now && groups.size <= MAX_PLACES) return
      groups.delete(group)
      this.#size--
    }
  }

  #scanOf({ stream, group = '' }: Place): Scan | undefined {
    return this.#scans.get(stream)?.get(group)
  }
}
