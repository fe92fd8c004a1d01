import { EngineError } from '../contract/errors.ts'
import type { Change } from './core/change.ts'
import type { Decision } from './core/decide/decision.ts'
import type { Journal } from './journal/journal.ts'
import { recordBytes } from './journal/record.ts'
import type { Changed, Quotas } from './quotas.ts'
import type { Step } from './step.ts'

/** What the journal has no room for now. */
export interface NoRoom {
  readonly neededBytes: number
}

const KEPT = Promise.resolve()

/**
 * Where a decision becomes a fact: into the journal's buffer and into the state, in one synchronous step. Answers then
 * wait until the disk has what they saw.
 *
 * Whatever throws between the two, or before the answer is made, leaves a state that nobody can tell. Then everything
 * ends: the journal writes nothing more, no checkpoint is made, and nothing of that state is shown. The next start has
 * what is on disk, which is the state before the change or the one after it.
 */
export class Committer {
  readonly #journal: Journal
  readonly #quotas: Quotas
  readonly #now: () => number
  readonly #onChange: (changed: Changed) => void
  readonly #onCommit: () => void
  readonly #onStep: (step: Step) => void
  /** Why the state is not to be shown or changed any more. */
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

  /** Throws storage-failed when a change was begun and not finished. */
  assertIntact(): void {
    if (this.#broken !== null) throw this.#broken
  }

  /** An answer that needs no change. */
  async read<A>(answer: (now: number) => A): Promise<A> {
    this.assertIntact()
    const position = this.position
    const answered = answer(this.#now())
    await this.kept(position)
    return answered
  }

  /** Decides, commits and answers for a request that adds to what is stored: refused when the disk is full. */
  commitGrowth<A, B>(
    decide: (now: number) => Decision<A>,
    answer: (decided: A, now: number) => B,
    now = this.#now
  ): Promise<B> {
    return this.#change(decide, answer, false, now)
  }

  /** The same for what may use the reserve that is held back of a full disk: it frees space, or lets work go on. */
  commitRelief<A, B>(
    decide: (now: number) => Decision<A>,
    answer: (decided: A, now: number) => B
  ): Promise<B> {
    return this.#change(decide, answer, true, this.#now)
  }

  /** Decides and commits at once, with the reserve. Nothing is changed when the journal has no room for it now. */
  tryCommitRelief<A>(decide: (now: number) => Decision<A>): Decision<A> | NoRoom {
    this.assertIntact()
    const decision = decide(this.#now())
    this.#quotas.admit(decision.changes)
    const bytes = recordBytes(decision.changes)
    if (!this.#journal.hasRoom(bytes, true)) return { neededBytes: bytes }
    this.#commit(decision.changes)
    return decision
  }

  /** Resolves when the journal has the room that was needed. Rejects: storage-full, overloaded, storage-failed. */
  room({ neededBytes }: NoRoom): Promise<void> {
    return this.#journal.room(neededBytes, true)
  }

  /** How far the journal has come by now: what an answer given now has seen. */
  get position(): number {
    return this.#journal.position
  }

  /** Resolves when the disk has everything up to there. */
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
      if (this.#journal.hasRoom(bytes, essential)) {
        this.#commit(decision.changes)
        const answered = this.#answer(decision, answer, now)
        await this.kept(this.position)
        return answered
      }
      // What was decided is void by the time there is room: it is decided anew.
      await this.#journal.room(bytes, essential)
    }
  }

  /** Of what was read from the store, nothing is read here that a decision has not read before. */
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

  #commit(changes: readonly Change[]): void {
    if (changes.length === 0) return
    this.#journal.append(changes)
    try {
      this.#apply(changes)
    } catch (error) {
      throw this.#failHalfway(error)
    }
  }

  /** A change is in the journal's buffer, and what it was to do is not all done. */
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
