import { EngineError } from '../../contract/errors.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import { isRefused } from '../connection/redis-errors.ts'

/** What one group has pending, and how far behind it is. */
export interface GroupCount {
  readonly stream: string
  readonly group: string
  readonly pending: number
  readonly lag: number | null
}

/** Counts are not older than that when somebody looks at them all the time. */
const FRESH_MS = 1000
/** How many times as long as a look the pause behind it is at least. */
const PAUSE_FACTOR = 4
/** As many as anybody shows. */
const MAX_GROUPS = 1000

/**
 * The counts of groups as they were at the last look, which begins when somebody asks for them: asking must not wait.
 * A look takes about as long as listing all streams does, and a pause follows it.
 */
export class GroupCounts {
  readonly #names: () => AsyncIterable<string>
  readonly #groupsOf: (stream: string, limit: number) => Promise<readonly GroupInfo[]>
  #counts: readonly GroupCount[] = []
  #nextLookAt = 0
  #isLooking = false

  constructor(
    names: () => AsyncIterable<string>,
    groupsOf: (stream: string, limit: number) => Promise<readonly GroupInfo[]>
  ) {
    this.#names = names
    this.#groupsOf = groupsOf
  }

  [Symbol.iterator](): Iterator<GroupCount> {
    if (!this.#isLooking && performance.now() >= this.#nextLookAt) void this.#look()
    return this.#counts[Symbol.iterator]()
  }

  async #look(): Promise<void> {
    this.#isLooking = true
    const began = performance.now()
    try {
      this.#counts = await this.#count()
    } catch (error) {
      if (!isRefused(error)) throw error
      // Old counts would look like news.
      this.#counts = []
    } finally {
      const now = performance.now()
      this.#nextLookAt = now + Math.max(FRESH_MS, PAUSE_FACTOR * (now - began))
      this.#isLooking = false
    }
  }

  async #count(): Promise<GroupCount[]> {
    const counts = new Map<string, GroupCount[]>()
    let left = MAX_GROUPS
    for await (const stream of this.#names()) {
      if (counts.has(stream)) continue
      const groups = await this.#groupsOf(stream, left).catch(noneWhereGone)
      if (groups.length === 0) continue
      counts.set(
        stream,
        groups.map(({ name, pending, lag }) => ({ stream, group: name, pending, lag }))
      )
      left -= groups.length
      if (left <= 0) break
    }
    return [...counts.values()].flat()
  }
}

/** A stream may go between the moment when it is listed and the one when it is asked. */
function noneWhereGone(error: unknown): readonly GroupInfo[] {
  if (error instanceof EngineError && error.code === 'stream-not-found') return []
  throw error
}
