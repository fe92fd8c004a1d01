import { AsyncLocalStorage } from 'node:async_hooks'
import type { Engine } from '../../src/contract/engine.ts'
import { EngineError } from '../../src/contract/errors.ts'
import type { Step } from '../../src/embedded/step.ts'
import { type Call, perform } from './crash-calls.ts'
import { comparable, type HistoryEvent } from './crash-history.ts'
import type { Random } from './random.ts'

/**
 * Asks an engine, and writes down what it was asked, in which order it committed that, and what it answered. The
 * engine is to be opened with this recorder's `now` and `onStep`: of each record that is appended, they tell whose it is.
 */
export class HistoryRecorder {
  readonly #write: (line: HistoryEvent) => void
  readonly #random: Random
  #requests = 0
  #commits = 0
  /** Commits that the checkpoint has which is being made. */
  #captured = 0
  #at: number
  /** Whose request was looked at since the time was last told. */
  #looking: number | null = null
  /** When each request was last looked at. */
  readonly #looked = new Map<number, { after: number; at: number }>()
  /** Whose doing it is that now goes on. */
  readonly #doing = new AsyncLocalStorage<number>()

  constructor(write: (line: HistoryEvent) => void, random: Random, at: number) {
    this.#write = write
    this.#random = random
    this.#at = at
  }

  /** A clock that sometimes stands still, or goes back. */
  readonly now = (): number => {
    this.#at += this.#random.integer(-1, 3)
    this.#looking = null
    return this.#at
  }

  readonly onStep = (step: Step): void => {
    if (step === 'checkpoint captured') this.#captured = this.#commits
    if (step === 'checkpoint saved') this.#write({ is: 'saved', commits: this.#captured })
    if (step !== 'appended') return
    this.#commits++
    // Undoing a delivery looks at no request. A reader that waited is served on behalf of somebody else, but looks.
    const number = this.#looking ?? this.#doing.getStore() ?? 0
    this.#write({ is: 'commit', number, at: this.#at, undoes: this.#looking === null })
  }

  /** Gives what is answered, or undefined for a refusal. Some deliveries are undone, be it that nobody waits for them. */
  perform(engine: Engine, call: Call): Promise<unknown> {
    const number = ++this.#requests
    this.#write({ is: 'request', number, call })
    const watched = { name: call.name, request: this.#watched(number, call.request) } as Call
    // What is undone is told apart from other things that are undone by its request alone.
    const isSingle = call.name === 'readGroups' && call.request.streams.length === 1
    return this.#doing.run(number, async () => {
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
    const looked = this.#looked.get(number)
    this.#looked.delete(number)
    return looked ?? { after: this.#commits, at: this.#at }
  }

  #watched<T extends object>(number: number, request: T): T {
    return new Proxy(request, {
      get: (target, key) => {
        this.#looking = number
        this.#looked.set(number, { after: this.#commits, at: this.#at })
        return Reflect.get(target, key)
      }
    })
  }
}
