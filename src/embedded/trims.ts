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
 * Trims of any size, in changes of a bounded size with turns of the event loop between them. A crash between two of them
 * leaves a smaller trim done.
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

  /** How many entries were removed. */
  async trim(request: TrimRequest): Promise<number> {
    // A request is not read again after it was decided: crash tests tell by that when it was.
    const { stream, trim } = request
    const first = await this.#step(request)
    return first.count + (await this.#continue({ stream, trim }, first))
  }

  /** The append and the first change of its trim are one; the rest follows before the answer. */
  async append(request: AppendRequest, trim: Trim): Promise<EntryId[]> {
    const { stream } = request
    let first = NOTHING
    const decide = (now: number) => {
      const decision = appendEntries(this.#streams, request, now)
      first = removedBy(decision.changes)
      return decision
    }
    const ids = await this.#committer.commitGrowth(decide, (answer) => answer, this.#wall)
    // The entries are there. What could not be removed is removed by a later trim.
    await this.#continue({ stream, trim }, first).catch(ignoreRefusal)
    return ids
  }

  async #continue({ stream, trim }: TrimRequest, first: Removed): Promise<number> {
    let total = 0
    for (let last = first; last.isPartial; total += last.count) {
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

type Removed = Pick<Trimmed, 'count' | 'isPartial'>

const NOTHING: Removed = { count: 0 }

function removedBy(changes: readonly Change[]): Removed {
  return changes.find((change) => change.kind === 'trimmed') ?? NOTHING
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof EngineError)) throw error
}
