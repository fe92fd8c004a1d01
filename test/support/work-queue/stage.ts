import type { Engine } from '../../../src/contract/engine.ts'

/** An engine for programs, and its time. */
export interface Stage {
  /** Changes with a restart. */
  readonly engine: Engine
  /** The time of the engine, in milliseconds. */
  now(): number
  /** Lets this much time pass for the engine and its timers. */
  pass(ms: number): Promise<void>
  /** Lets the engine do what it does by itself, without letting much time pass. */
  yield(): Promise<void>
  /** Closes the engine and opens another one on the same storage, which `engine` then is. */
  restart(): Promise<void>
  /** How much longer leases last that began before the last restart. */
  readonly restartMs: number
  /** Whether time passes only by `pass`. */
  readonly isStill: boolean
  /** The length of the usual lease: more than a few requests take. */
  readonly leaseMs: number
}

/** What a stage is used for: a group of a stream, and a stream for its dead letters. */
export const STREAM = 'packages'
export const LETTERS = `{${STREAM}}.dead`
export const GROUP = { stream: STREAM, group: 'audit' } as const
