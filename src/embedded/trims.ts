import { setImmediate } from 'node:timers/promises'
import type { AppendRequest, Trim } from '../contract/entries.ts'
import type { EntryId } from '../contract/entry-id.ts'
import { EngineError } from '../contract/errors.ts'
import type { StreamRef } from '../contract/refs.ts'
import type { Committer } from './committer.ts'
import type { Change } from './core/change.ts'
import type { Decision } from './core/decide/decision.ts'
import { appendEntries, trimStream } from './core/decide/entries.ts'
import type { Streams } from './core/streams.ts'
import type { Trimmed } from './core/trim-plan.ts'

/**
 * Trims of any size, as changes of limited size with turns of the event loop in between. If the process
 * crashes in between, a smaller trim has been done.
 */
export class Trims {
  readonly #streams: Streams
  readonly #committer: Committer
  readonly #wall: () => number

  /** New ids come from the wall clock. */
  constructor(streams: Streams, committer: Committer, wall: () => number) {
    this.#streams = streams
    this.#committer = committer
    this.#wall = wall
  }

  /** Returns the number of removed entries. */
  async trim(request: TrimRequest): Promise<number> {
    // Do not read the request again after the decision: crash tests recognize the decision by the last read.
    const { stream, trim } = request
    const first = await this.#step(request)
    return first.count + (await this.#continue({ stream, trim }, first))
  }

  /**
   * Appends, with the first change of the trim in the same record. The remaining changes follow before the
   * answer.
   */
  async append(request: AppendRequest, trim: Trim): Promise<EntryId[]> {
    const { stream } = request
    let first = NOTHING
    const decide = (now: number) => {
      const decision = appendEntries(this.#streams, request, now)
      first = removedBy(decision.changes)
      return decision
    }
    const ids = await this.#committer.commitGrowth(decide, (answer) => answer, this.#wall)
    // The entries are appended. A later trim removes what this one could not.
    await this.#continue({ stream, trim }, first).catch(ignoreRefusal)
    return ids
  }

  async #continue({ stream, trim }: TrimRequest, first: Removed): Promise<number> {
    let total = 0
    for (let last = first; last.isCut; total += last.count) {
      await setImmediate()
      const left = trim.limit === undefined ? undefined : trim.limit - first.count - total
      if (left === 0 || !this.#streams.has(stream)) break
      last = await this.#step({ stream, trim: left === undefined ? trim : { ...trim, limit: left } })
    }
    return total
  }

  async #step(request: TrimRequest): Promise<Removed> {
    let removed = NOTHING
    const decide = (): Decision<void> => {
      const { changes } = trimStream(this.#streams, request)
      removed = removedBy(changes)
      return { changes, answer: undefined }
    }
    await this.#committer.commitRelief(decide, () => undefined)
    return removed
  }
}

type TrimRequest = StreamRef & { readonly trim: Trim }

type Removed = Pick<Trimmed, 'count' | 'isCut'>

const NOTHING: Removed = { count: 0 }

function removedBy(changes: readonly Change[]): Removed {
  return changes.find((change) => change.kind === 'trimmed') ?? NOTHING
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EngineError)) throw error
}
