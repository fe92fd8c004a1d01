import { EngineError } from '../../contract/errors.ts'
import { type GroupDelivery, isEmpty, undoArgs } from '../commands/deliveries.ts'
import { count } from '../commands/replies.ts'
import type { StreamCommands } from '../commands/stream-commands.ts'
import { isRefused } from '../connection/redis-errors.ts'
import { UNDO } from '../scripts/generated.ts'

/**
 * How many undos are kept for a retry while Redis cannot be reached. Beyond that, entries stay pending with their
 * consumers.
 */
const MAX_RETRIES = 10_000

/** Undoes deliveries whose reader hung up. */
export class Redelivery {
  readonly #commands: StreamCommands
  readonly #onUndo: (stream: string) => void
  readonly #onUndone: (place: { stream: string; group: string }) => void
  #failed: GroupDelivery[] = []

  /** `onUndo` is called before entries of a stream are returned, `onUndone` after they were returned to a group. */
  constructor(
    commands: StreamCommands,
    onUndo: (stream: string) => void,
    onUndone: (place: { stream: string; group: string }) => void
  ) {
    this.#commands = commands
    this.#onUndo = onUndo
    this.#onUndone = onUndone
  }

  /** Undoes deliveries. Sends the scripts in this turn of the event loop, before any later request. Never rejects. */
  undo(deliveries: readonly GroupDelivery[]): void {
    for (const delivery of deliveries) if (!isEmpty(delivery)) void this.#undo(delivery)
  }

  /**
   * Retries the undos that failed while Redis could not be reached. Entries that changed since then stay as they are.
   */
  retry(): void {
    const failed = this.#failed
    this.#failed = []
    this.undo(failed)
  }

  async #undo(delivery: GroupDelivery): Promise<void> {
    const { stream, group } = delivery
    this.#onUndo(stream)
    try {
      const undone = await this.#commands.script(UNDO, { stream, group }, undoArgs(delivery))
      if (count(undone) > 0) this.#onUndone({ stream, group })
    } catch (error) {
      if (!isRefused(error)) throw error
      // With noAck, a second undo could not tell whether the first one, whose reply was lost, has been done.
      const isInDoubt = error instanceof EngineError && error.code === 'outcome-unknown' && delivery.noAck
      if (!isInDoubt && this.#failed.length < MAX_RETRIES) this.#failed.push(delivery)
    }
  }
}
