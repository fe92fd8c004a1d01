import { EngineError } from '../../contract/errors.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import type { GroupStatus } from '../../contract/status.ts'
import { isRefused } from '../connection/redis-errors.ts'

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
  #counts: readonly GroupStatus[] = []
  #nextLookAt = 0
  #isLooking = false

  constructor(
    names: () => AsyncIterable<string>,
    groupsOf: (stream: string, limit: number) => Promise<readonly GroupInfo[]>
  ) {
    this.#names = names
    this.#groupsOf = groupsOf
  }

  /** Those of the last look. Begins another one if it is time for it. */
  last(): readonly GroupStatus[] {
    if (!this.#isLooking && performance.now() >= this.#nextLookAt) void this.#look()
    return this.#counts
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

  async #count(): Promise<GroupStatus[]> {
    const counts = new Map<string, GroupStatus[]>()
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
