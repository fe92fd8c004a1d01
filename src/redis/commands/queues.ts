import type { GroupRef } from '../../contract/refs.ts'
import type { Reply } from '../connection/client.ts'
import { list } from './replies.ts'

/** How many groups are remembered. */
const MAX_QUEUES = 10_000

/**
 * The groups of which Weir kept anything beside the stream, such as a policy, when they were used last. Reads and acks
 * have a short script for all other groups. It replies nothing, and has done nothing, if it is the wrong one.
 */
export class Queues {
  readonly #names = new Set<string>()

  has(group: GroupRef): boolean {
    return this.#names.size > 0 && this.#names.has(nameOf(group))
  }

  forget(group: GroupRef): void {
    if (this.#names.size > 0) this.#names.delete(nameOf(group))
  }

  /** Runs the short script, and the long one if it is needed. The short one is sent in this turn of the event loop. */
  async run(group: GroupRef, short: () => Promise<Reply>, long: () => Promise<Reply>): Promise<Reply> {
    if (this.has(group)) return long()
    const reply = await short()
    if (list(reply).length > 0) return reply
    if (this.#names.size >= MAX_QUEUES) this.#names.clear()
    this.#names.add(nameOf(group))
    return long()
  }
}

function nameOf({ stream, group }: GroupRef): string {
  return JSON.stringify([stream, group])
}
