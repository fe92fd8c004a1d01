import type { Socket } from 'node:net'
import type { Random } from '../support/random.ts'
import type { Connections, Target } from './raw-requests.ts'

/** What an attack works with. */
export interface AttackContext {
  readonly target: Target
  readonly connections: Connections
  readonly random: Random
  /** Sends a request on a connection of its own and counts the status; 0 when the connection is closed instead. */
  ask(method: string, path: string, body?: unknown): Promise<number>
  /** Counts the status of the next answer on a connection, whenever it comes. */
  watch(socket: Socket): void
  /** Holds what was opened for a few seconds, or until the siege is over. */
  hold(): Promise<void>
}

/** One way to cost a server more than one's share. */
export interface Attack {
  readonly name: string
  readonly about: string
  /** Makes what it needs, once, before the siege begins. */
  prepare?(siege: AttackContext): Promise<void>
  /** Attacks once. What it opened is closed afterwards. */
  run(siege: AttackContext): Promise<void>
}
