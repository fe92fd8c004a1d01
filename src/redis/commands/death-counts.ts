import type { GroupRef } from '../../contract/refs.ts'
import type { EngineStatus } from '../../contract/status.ts'
import type { Reply } from '../connection/client.ts'
import { refusalOf } from '../connection/redis-errors.ts'
import { count, list } from './replies.ts'

/** At most this many groups are kept whose entries cannot die. */
const MAX_BLOCKED = 1000

/** Counts the entries that this engine's scripts have found dead, and keeps why others could not die. */
export class DeathCounts {
  #died = 0
  /** Why entries of a group could not die, the last time it was tried. */
  readonly #blocked = new Map<string, string>()

  get status(): Pick<EngineStatus, 'died' | 'deathsBlocked'> {
    const [blocked] = this.#blocked.values()
    return { died: this.#died, ...(blocked !== undefined && { deathsBlocked: blocked }) }
  }

  /**
   * Notes what a script replied about deaths in a group, and returns their number. `isComplete`: it has tried all that
   * should die.
   */
  note(group: GroupRef, reply: Reply | undefined, isComplete = false): number {
    if (reply === undefined) return 0
    const [diedReply = 0, code] = list(reply)
    const died = count(diedReply)
    this.#died += died
    const name = JSON.stringify([group.stream, group.group])
    if (typeof code === 'string' || Buffer.isBuffer(code)) {
      const { message } = refusalOf(String(code), group)
      if (this.#blocked.size < MAX_BLOCKED) this.#blocked.set(name, message)
    } else if (died > 0 || isComplete) this.#blocked.delete(name)
    return died
  }
}
