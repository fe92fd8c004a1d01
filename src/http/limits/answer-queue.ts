import { Problem } from '../problems/problem.ts'
import type { Exchange } from './exchange.ts'

/** What an answer holds of entries at most, unless it is one entry. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** How long a request waits for the room that others are about to release. */
const MAX_WAIT_MS = 1000

interface Waiting {
  readonly exchange: Exchange
  readonly resolve: () => void
}

/**
 * For requests whose answer cannot be refused once the engine has made it, because it tells of a change. They hold room
 * for the largest answer before they ask the engine, and release what it did not take afterwards. Most take little, and
 * soon: so those who find no room wait for a moment.
 */
export class AnswerQueue {
  readonly #waiting = new Set<Waiting>()
  readonly #maxWaitMs: number

  constructor(maxWaitMs = MAX_WAIT_MS) {
    this.#maxWaitMs = maxWaitMs
  }

  /** Resolves when the exchange has room for the largest answer. Rejects: overloaded, too-many-bytes. */
  enter(exchange: Exchange): Promise<void> {
    if (exchange.take(MAX_ANSWER_BYTES)) return ENTERED
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(one)
        reject(
          exchange.answerRefusal(MAX_ANSWER_BYTES) ??
            new Problem('overloaded', 'Too many requests are waiting for buffer space')
        )
      }, this.#maxWaitMs)
      const one = {
        exchange,
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
      if (!one.exchange.take(MAX_ANSWER_BYTES)) continue
      this.#waiting.delete(one)
      one.resolve()
    }
  }
}

const ENTERED = Promise.resolve()
