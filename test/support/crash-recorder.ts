import { AsyncLocalStorage } from 'node:async_hooks'
import type { Engine } from '../../src/contract/engine.ts'
import { EngineError } from '../../src/contract/errors.ts'
import type { Step } from '../../src/embedded/step.ts'
import { type Call, perform } from './crash-calls.ts'
import { comparable, type HistoryEvent } from './crash-history.ts'
import type { Random } from './random.ts'

/**
 * Sends requests to an engine and records them, the order in which the engine committed them, and its answers. The
 * engine must be opened with this recorder's `now` and `onStep`, which find out whose request each appended record
 * belongs to.
 */
export class HistoryRecorder {
  readonly #write: (event: HistoryEvent) => void
  readonly #random: Random
  #requests = 0
  #commits = 0
  /** How many commits the current checkpoint contains. */
  #captured = 0
  #at: number
  /** The number of the request that the engine read since it last asked for the time. */
  #reading: number | null = null
  /** The state and the time in which the engine last read each request. */
  readonly #lastRead = new Map<number, { after: number; at: number }>()
  /** The number of the request on whose behalf the current code runs. */
  readonly #current = new AsyncLocalStorage<number>()

  constructor(write: (event: HistoryEvent) => void, random: Random, at: number) {
    this.#write = write
    this.#random = random
    this.#at = at
  }

  /** A clock that sometimes stands still or goes back. */
  readonly now = (): number => {
    this.#at += this.#random.integer(-1, 3)
    this.#reading = null
    return this.#at
  }

  readonly onStep = (step: Step): void => {
    if (step === 'checkpoint captured') this.#captured = this.#commits
    if (step === 'checkpoint saved') this.#write({ is: 'saved', commits: this.#captured })
    if (step !== 'appended') return
    this.#commits++
    // Undoing a delivery reads no request. A waiting reader is served on behalf of another request, but its own is
    // read.
    const number = this.#reading ?? this.#current.getStore() ?? 0
    this.#write({ is: 'commit', number, at: this.#at, undoes: this.#reading === null })
  }

  /** Returns the answer, or undefined for a refusal. Some deliveries are undone, some because their reader hung up. */
  perform(engine: Engine, call: Call): Promise<unknown> {
    const number = ++this.#requests
    this.#write({ is: 'request', number, call })
    const watched = { name: call.name, request: this.#watched(number, call.request) } as Call
    // The history identifies an undone delivery by its request alone, so the request must read a single stream.
    const isSingle = call.name === 'readGroups' && call.request.streams.length === 1
    return this.#current.run(number, async () => {
      const hangUp = new AbortController()
      if (isSingle && this.#random.once(10)) setTimeout(() => hangUp.abort(), this.#random.integer(0, 5))
      try {
        const { answer, undo } = await perform(engine, watched, hangUp.signal)
        this.#write({ is: 'answer', number, ...this.#seenBy(number), answer: comparable(answer) })
        if (isSingle && this.#random.once(8)) undo?.()
        return answer
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        this.#write({ is: 'refusal', number, ...this.#seenBy(number), code: error.code })
        return undefined
      }
    })
  }

  #seenBy(number: number): { after: number; at: number } {
    const lastRead = this.#lastRead.get(number)
    this.#lastRead.delete(number)
    return lastRead ?? { after: this.#commits, at: this.#at }
  }

  #watched<T extends object>(number: number, request: T): T {
    return new Proxy(request, {
      get: (target, key) => {
        this.#reading = number
        this.#lastRead.set(number, { after: this.#commits, at: this.#at })
        return Reflect.get(target, key)
      }
    })
  }
}
