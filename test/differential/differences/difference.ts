import type { Engine } from '../../../src/contract/engine.ts'
import type { Versions } from '../../support/server-programs.ts'
import type { Mismatch } from '../mismatch.ts'
import type { Operation } from '../operation.ts'
import type { Program } from '../program.ts'
import type { RedisTurn } from '../redis/turn.ts'

/** A difference between Weir and Redis that is intended, or that a later Redis does not have. */
export interface Difference {
  /** What Redis does differently. It is also the name of the test. */
  readonly what: string
  /** Why Weir does not do that. */
  readonly why: string
  /** The first versions that behave like Weir. Undefined if none does. */
  readonly until?: Versions
  /** Where the behaviour is defined. */
  readonly see: string
  /** A program that shows it. */
  readonly example: Program
  /** Makes Redis do what Weir does for an operation. `run` runs an operation without this difference. */
  around?(operation: Operation, turn: RedisTurn, run: Run): Promise<unknown>
  /** Called after both have done the operation and neither has refused it. Brings Redis to the state of Weir. */
  settle?(operation: Operation, turn: RedisTurn, engine: Engine): Promise<void>
  /** Whether this difference is the reason why two values differ. */
  explains?(mismatch: Mismatch, operation: Operation, turn: RedisTurn): boolean | Promise<boolean>
}

export type Run = (operation: Operation) => Promise<unknown>
