import { Problem } from '../problems/problem.ts'
import type { Exchange } from './exchange.ts'

/** Maximum size of the entries in an answer, unless it is a single entry. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024

/** How long a request waits for other requests to release room. */
const MAX_WAIT_MS = 1000

interface Waiting {
  readonly exchange: Exchange
  readonly resolve: () => void
}

/**
 * A queue of requests whose answers must be sent, because they report a change. Such a request holds room for
 * the largest answer before it calls the engine, and afterwards releases what the answer does not need. Most
 * answers need little and come soon, so a request that finds no room waits for a moment.
 */
export class AnswerQueue {
  readonly #waiting = new Set<Waiting>()
  readonly #maxWaitMs: number

  constructor(maxWaitMs = MAX_WAIT_MS) {
    this.#maxWaitMs = maxWaitMs
  }

  /** Resolves when the exchange holds room for the largest answer. Rejects: overloaded, too-many-bytes. */
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

  /** Call it after bytes were released. Admits the requests that have room now, in order of arrival. */
  serve(): void {
    for (const one of this.#waiting) {
      if (!one.exchange.take(MAX_ANSWER_BYTES)) continue
      this.#waiting.delete(one)
      one.resolve()
    }
  }
}

const ENTERED = Promise.resolve()
