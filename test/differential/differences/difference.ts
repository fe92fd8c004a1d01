import type { Engine } from '../../../src/contract/engine.ts'
import type { Versions } from '../../support/server-programs.ts'
import type { Mismatch } from '../mismatch.ts'
import type { Operation } from '../operation.ts'
import type { Program } from '../program.ts'
import type { RedisTurn } from '../redis/turn.ts'

/** A difference between Weir and Redis that is meant, or that a later Redis does not have. */
export interface Difference {
  /** What Redis does that Weir does not, or the other way round. */
  readonly what: string
  readonly why: string
  /** The first versions that do as Weir does; left out where none does. */
  readonly until?: Versions
  /** Where this is laid down. */
  readonly see: string
  /** A program that shows it. */
  readonly example: Program
  /** Has Redis do what Weir means by an operation. `run` runs one without this difference. */
  around?(operation: Operation, turn: RedisTurn, run: Run): Promise<unknown>
  /** When Weir, too, has done the operation and nobody has refused it: brings Redis to where Weir is. */
  settle?(operation: Operation, turn: RedisTurn, engine: Engine): Promise<void>
  /** Whether this is why two values differ. */
  explains?(mismatch: Mismatch, operation: Operation, turn: RedisTurn): boolean | Promise<boolean>
}

export type Run = (operation: Operation) => Promise<unknown>
