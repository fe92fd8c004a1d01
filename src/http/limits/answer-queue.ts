import { Problem } from '../problems/problem.ts'
import type { Visit } from './visit.ts'

/** What an answer holds of entries at most, unless it is one entry. */
const MOST_BYTES = 16 * 1024 * 1024

/** How long a request waits for the room that others are about to release. */
const PATIENCE_MS = 1000

interface Waiting {
  readonly visit: Visit
  readonly resolve: () => void
}

/**
 * For requests whose answer cannot be refused once the engine has made it, because it tells of a change. They hold room
 * for the largest answer before they ask the engine, and release what it did not take afterwards. Most take little, and
 * soon: so those who find no room wait for a moment.
 */
export class AnswerQueue {
  readonly #waiting = new Set<Waiting>()
  readonly #patienceMs: number

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs
  }

  /** Resolves when the visit has room for the largest answer. Rejects: overloaded, too-many-bytes. */
  enter(visit: Visit): Promise<void> {
    if (visit.take(MOST_BYTES)) return ENTERED
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(one)
        reject(
          visit.answerRefusal(MOST_BYTES) ??
            new Problem('overloaded', 'Too many requests are waiting for buffer space')
        )
      }, this.#patienceMs)
      const one = {
        visit,
        resolve: () => {
          clearTimeout(timer)
          resolve()
        }
      }
      this.#waiting.add(one)
    })
  }

  /** Bytes were released: lets in those for whom there is room now, the first in line first. */
  serve(): void {
    for (const one of this.#waiting) {
      if (!one.visit.take(MOST_BYTES)) continue
      this.#waiting.delete(one)
      one.resolve()
    }
  }
}

const ENTERED = Promise.resolve()
