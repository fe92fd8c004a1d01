import type { DeliveryPolicy } from '../../contract/delivery-policy.ts'
import { EngineError } from '../../contract/errors.ts'
import { checkPolicy, refuseCycle } from '../../semantics/delivery-policy.ts'
import type { Keys } from '../connection/keys.ts'
import type { Nodes } from '../connection/nodes.ts'
import { slotOf } from '../connection/slots.ts'
import { DEAD_LETTER_STREAMS } from '../scripts/generated.ts'
import { texts } from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'

/** How many dead-letter streams are followed. With more, `refuseCycle` refuses. */
const MAX_STREAMS = 1001

/** Checks delivery policies before they are set. */
export class Policies {
  readonly #nodes: Nodes
  readonly #keys: Keys
  readonly #commands: StreamCommands

  constructor(nodes: Nodes, keys: Keys, commands: StreamCommands) {
    this.#nodes = nodes
    this.#keys = keys
    this.#commands = commands
  }

  /**
   * Returns the policy as a script expects it. Rejects: invalid-request, dead-letter-cycle. Policies that are set at the
   * same moment do not see each other.
   */
  async checked(stream: string, policy: DeliveryPolicy): Promise<string> {
    checkPolicy(policy)
    const { deadLetterStream } = policy
    if (deadLetterStream !== undefined) {
      this.#refuseOtherSlot(stream, deadLetterStream)
      const known = await this.#follow(stream, deadLetterStream)
      refuseCycle(stream, deadLetterStream, (name) => known.get(name) ?? [])
    }
    return JSON.stringify(policy)
  }

  #refuseOtherSlot(stream: string, deadLetterStream: string): void {
    if (!this.#nodes.isCluster) return
    const [slot, other] = [stream, deadLetterStream].map((name) => slotOf(this.#keys.keyOf(name)))
    if (slot === other) return
    const message = `On a Redis cluster, "${deadLetterStream}" must be in the slot of "${stream}": give both names the same part in braces`
    throw new EngineError('invalid-request', message, { pointer: '/delivery/deadLetterStream' })
  }

  /** The dead-letter streams of the groups of each stream that dead letters can reach. */
  async #follow(stream: string, first: string): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>()
    let next = [first]
    while (next.length > 0 && found.size < MAX_STREAMS) {
      const streams = next.filter((name) => name !== stream).slice(0, MAX_STREAMS - found.size)
      const targets = await Promise.all(
        streams.map(async (name) =>
          texts(await this.#commands.script(DEAD_LETTER_STREAMS, { stream: name }, {}))
        )
      )
      for (const [index, name] of streams.entries()) found.set(name, targets[index] ?? [])
      next = [...new Set(targets.flat())].filter((name) => !found.has(name))
    }
    return found
  }
}
