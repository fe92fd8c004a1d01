import { EngineError } from '../../contract/errors.ts'
import type { GroupInfo } from '../../contract/groups.ts'
import type { GroupStatus } from '../../contract/status.ts'
import { isRefused } from '../connection/redis-errors.ts'

/** The shortest pause between two refreshes. */
const MIN_PAUSE_MS = 1000
/** The pause is at least this many times as long as the refresh before it. */
const PAUSE_FACTOR = 4
/** The highest number of groups that any caller shows. */
const MAX_GROUPS = 1000

/**
 * The counts of groups at the last refresh. Callers must not wait, so reading the counts starts a refresh and returns
 * the previous ones. A refresh takes about as long as listing all streams, and a pause follows it.
 */
export class GroupCounts {
  readonly #names: () => AsyncIterable<string>
  readonly #groupsOf: (stream: string, limit: number) => Promise<readonly GroupInfo[]>
  #counts: readonly GroupStatus[] = []
  #nextRefreshAt = 0
  #isRefreshing = false

  constructor(
    names: () => AsyncIterable<string>,
    groupsOf: (stream: string, limit: number) => Promise<readonly GroupInfo[]>
  ) {
    this.#names = names
    this.#groupsOf = groupsOf
  }

  /** Returns the counts of the last refresh. Starts another one if it is due. */
  last(): readonly GroupStatus[] {
    if (!this.#isRefreshing && performance.now() >= this.#nextRefreshAt) void this.#refresh()
    return this.#counts
  }

  async #refresh(): Promise<void> {
    this.#isRefreshing = true
    const began = performance.now()
    try {
      this.#counts = await this.#count()
    } catch (error) {
      if (!isRefused(error)) throw error
      // Old counts would be taken for current ones.
      this.#counts = []
    } finally {
      const now = performance.now()
      this.#nextRefreshAt = now + Math.max(MIN_PAUSE_MS, PAUSE_FACTOR * (now - began))
      this.#isRefreshing = false
    }
  }

  async #count(): Promise<GroupStatus[]> {
    const counts = new Map<string, GroupStatus[]>()
    let left = MAX_GROUPS
    for await (const stream of this.#names()) {
      if (counts.has(stream)) continue
      const groups = await this.#groupsOf(stream, left).catch(noneIfDeleted)
      if (groups.length === 0) continue
      counts.set(
        stream,
        groups.map(({ name, pending, delayed, dead, lag }) => ({
          stream,
          group: name,
          pending,
          delayed,
          dead,
          lag
        }))
      )
      left -= groups.length
      if (left <= 0) break
    }
    return [...counts.values()].flat()
  }
}

/** The stream may have been deleted after it was listed. */
function noneIfDeleted(error: unknown): readonly GroupInfo[] {
  if (error instanceof EngineError && error.code === 'stream-not-found') return []
  throw error
}
