import { EngineError } from '../contract/errors.ts'
import type { Change } from './core/change.ts'
import type { Decision } from './core/decide/decision.ts'
import type { Journal } from './journal/journal.ts'
import { recordBytes } from './journal/record.ts'
import type { Changed, Quotas } from './quotas.ts'
import type { Step } from './step.ts'

/** The journal has no space for a change now. */
export interface NoRoom {
  readonly neededBytes: number
}

const KEPT = Promise.resolve()

/**
 * Commits decisions: writes them into the journal's buffer and applies them to the state, in one synchronous
 * step. Answers then wait until what they show is on disk.
 *
 * If something throws between the two, or before the answer is made, the state is undefined. The committer
 * then ends everything: the journal writes nothing more, no checkpoint runs, and nothing of that state is
 * shown. The next start reads what is on disk: the state before the change, or the state after it.
 */
export class Committer {
  readonly #journal: Journal
  readonly #quotas: Quotas
  readonly #now: () => number
  readonly #onChange: (changed: Changed) => void
  readonly #onCommit: () => void
  readonly #onStep: (step: Step) => void
  /** How many entries died since the start. */
  #died = 0
  /** Why the state must not be shown or changed any more. */
  #broken: EngineError | null = null

  constructor(options: {
    journal: Journal
    quotas: Quotas
    now: () => number
    onChange: (changed: Changed) => void
    onCommit: () => void
    onStep: (step: Step) => void
  }) {
    this.#journal = options.journal
    this.#quotas = options.quotas
    this.#now = options.now
    this.#onChange = options.onChange
    this.#onCommit = options.onCommit
    this.#onStep = options.onStep
  }

  get died(): number {
    return this.#died
  }

  /** Throws storage-failed if a change was started but not finished. */
  assertIntact(): void {
    if (this.#broken !== null) throw this.#broken
  }

  /** Answers a request that changes nothing. */
  async read<A>(answer: (now: number) => A): Promise<A> {
    this.assertIntact()
    const position = this.position
    const answered = answer(this.#now())
    await this.kept(position)
    return answered
  }

  /** Decides, commits and answers a request that adds to what is stored. Rejected if the disk is full. */
  commitGrowth<A, B>(
    decide: (now: number) => Decision<A>,
    answer: (decided: A, now: number) => B,
    now = this.#now
  ): Promise<B> {
    return this.#change(decide, answer, false, now)
  }

  /**
   * Does the same for a request that may use the reserve kept for a full disk, because it frees space or lets
   * work continue. A decision that says that it grows may not.
   */
  commitRelief<A, B>(
    decide: (now: number) => Decision<A>,
    answer: (decided: A, now: number) => B
  ): Promise<B> {
    return this.#change(decide, answer, true, this.#now)
  }

  /**
   * Decides and commits immediately, and may use the reserve. If the journal has no space now, nothing is
   * changed.
   */
  tryCommitRelief<A>(decide: (now: number) => Decision<A>): Decision<A> | NoRoom {
    this.assertIntact()
    const decision = decide(this.#now())
    this.#quotas.admit(decision.changes)
    const bytes = recordBytes(decision.changes)
    if (!this.#journal.hasRoom(bytes, true)) return { neededBytes: bytes }
    this.#commit(decision)
    return decision
  }

  /** Resolves when the journal has the needed space. Rejects: storage-full, overloaded, storage-failed. */
  room({ neededBytes }: NoRoom): Promise<void> {
    return this.#journal.room(neededBytes, true)
  }

  /** The journal's current position. An answer made now shows changes up to here. */
  get position(): number {
    return this.#journal.position
  }

  /** Resolves when everything up to a position is on disk. */
  kept(position: number): Promise<void> {
    if (this.#broken !== null) return Promise.reject(this.#broken)
    return this.#journal.isKept(position) ? KEPT : this.#journal.kept(position)
  }

  async #change<A, B>(
    decide: (now: number) => Decision<A>,
    answer: (decided: A, now: number) => B,
    essential: boolean,
    clock: () => number
  ): Promise<B> {
    for (;;) {
      this.assertIntact()
      const now = clock()
      const decision = decide(now)
      this.#quotas.admit(decision.changes)
      const bytes = recordBytes(decision.changes)
      const mayUseReserve = essential && decision.grows !== true
      if (this.#journal.hasRoom(bytes, mayUseReserve)) {
        this.#commit(decision)
        const answered = this.#answer(decision, answer, now)
        await this.kept(this.position)
        return answered
      }
      // By the time there is space, the decision is outdated, so it is made again.
      await this.#journal.room(bytes, mayUseReserve)
    }
  }

  /** Reads nothing from the store that the decision has not read before. */
  #answer<A, B>(
    { changes, answer: decided }: Decision<A>,
    answer: (decided: A, now: number) => B,
    now: number
  ): B {
    try {
      return answer(decided, now)
    } catch (error) {
      throw changes.length === 0 ? error : this.#failHalfway(error)
    }
  }

  #commit({ changes, died = 0 }: Decision<unknown>): void {
    if (changes.length === 0) return
    this.#died += died
    this.#journal.append(changes)
    try {
      this.#apply(changes)
    } catch (error) {
      throw this.#failHalfway(error)
    }
  }

  /** A change is in the journal's buffer, but only part of its effect has happened. */
  #failHalfway(cause: unknown): EngineError {
    this.#journal.fail(cause, 'A change was started but not finished')
    this.#broken ??= this.#journal.failed
    const why = cause instanceof Error ? cause.message : String(cause)
    return new EngineError('outcome-unknown', `It is not known whether the change was made: ${why}`, {
      cause
    })
  }

  #apply(changes: readonly Change[]): void {
    this.#onStep('appended')
    for (const change of changes) {
      const changed = this.#quotas.apply(change)
      if (changed !== undefined) this.#onChange(changed)
    }
    this.#onCommit()
  }
}
