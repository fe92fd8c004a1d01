import type { Socket } from 'node:net'
import type { Random } from '../support/random.ts'
import type { Connections, Target } from './raw-requests.ts'

/** The target of an attack, and functions that attacks share. */
export interface AttackContext {
  readonly target: Target
  readonly connections: Connections
  readonly random: Random
  /** Sends a request on a connection of its own, and counts the status: 0 if the connection is closed instead. */
  ask(method: string, path: string, body?: unknown): Promise<number>
  /** Counts the status of the next answer on a connection, whenever it arrives. */
  watch(socket: Socket): void
  /** Keeps the connections open for a few seconds, or until the siege is over. */
  hold(): Promise<void>
}

/** A way in which a client can cost a server more than its share. */
export interface Attack {
  readonly name: string
  readonly about: string
  /** Creates what the attack needs, once, before the siege begins. */
  prepare?(context: AttackContext): Promise<void>
  /** Attacks once. Its connections are closed afterwards. */
  run(context: AttackContext): Promise<void>
}
