import { EngineError } from '../../contract/errors.ts'
import { type GroupDelivery, isNothing, undoArgs } from '../commands/deliveries.ts'
import { count } from '../commands/replies.ts'
import type { StreamCommands } from '../commands/stream-commands.ts'
import { isRefused } from '../connection/redis-errors.ts'
import { UNDO } from '../scripts/generated.ts'

/** Undos that Redis could not be asked for wait for it, so many of them. What is more stays pending with its consumer. */
const MAX_LEFT = 10_000

/** Takes back deliveries whose reader hung up. */
export class Redelivery {
  readonly #commands: StreamCommands
  readonly #onUndo: (stream: string) => void
  readonly #onUndone: (place: { stream: string; group: string }) => void
  #left: GroupDelivery[] = []

  /** `onUndo` is told where entries are about to come back, `onUndone` where they have. */
  constructor(
    commands: StreamCommands,
    onUndo: (stream: string) => void,
    onUndone: (place: { stream: string; group: string }) => void
  ) {
    this.#commands = commands
    this.#onUndo = onUndo
    this.#onUndone = onUndone
  }

  /** Sends what undoes it in this turn, before any request that comes later. Never rejects. */
  undo(given: readonly GroupDelivery[]): void {
    for (const one of given) if (!isNothing(one)) void this.#undo(one)
  }

  /** What could not be undone while Redis was gone. Whatever happened to an entry since, it is left alone then. */
  again(): void {
    const left = this.#left
    this.#left = []
    this.undo(left)
  }

  async #undo(given: GroupDelivery): Promise<void> {
    const { stream, group } = given
    this.#onUndo(stream)
    try {
      const undone = await this.#commands.script(UNDO, { stream, group }, undoArgs(given))
      if (count(undone) > 0) this.#onUndone({ stream, group })
    } catch (error) {
      if (!isRefused(error)) throw error
      // Without an ack to wait for, nothing would show that an undo whose answer was lost has been done.
      const isInDoubt = error instanceof EngineError && error.code === 'outcome-unknown' && given.noAck
      if (!isInDoubt && this.#left.length < MAX_LEFT) this.#left.push(given)
    }
  }
}
