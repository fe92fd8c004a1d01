import type { Consumer } from '../core/consumer.ts'
import type { Group } from '../core/group.ts'

type Consumers = Map<Group, Set<Consumer>>

/**
 * The consumers that have changed since they were stored. There may be a million, so a capture copies
 * nothing. Instead, each consumer has the numbers of two checkpoints, which show whether it has changed since
 * the capture and whether it is already encoded.
 */
export class DirtyConsumers {
  #changed: Consumers = new Map()
  #captured: Consumers = new Map()
  /** Consumers that were deleted after the capture. */
  #deleted: [group: Group, consumer: Consumer][] = []
  /** The number of the next checkpoint. */
  #number = 1
  #isCaptured = false

  get isEmpty(): boolean {
    return this.#changed.size === 0
  }

  /**
   * The consumer is about to change. Returns whether it must be encoded immediately, in the state of the
   * capture.
   */
  changing(group: Group, consumer: Consumer): boolean {
    if (consumer.changedIn === this.#number) return false
    consumer.changedIn = this.#number
    const consumers = this.#changed.get(group)
    if (consumers === undefined) this.#changed.set(group, new Set([consumer]))
    else consumers.add(consumer)
    return this.#isCaptured && this.#captured.get(group)?.has(consumer) === true && this.#isFirst(consumer)
  }

  /** A captured consumer stays captured, because its current state is that of the capture. */
  deleted(group: Group, consumer: Consumer): void {
    this.#changed.get(group)?.delete(consumer)
    if (this.#isCaptured) this.#deleted.push([group, consumer])
  }

  groupDeleted(group: Group): void {
    this.#changed.delete(group)
  }

  capture(): void {
    this.#captured = this.#changed
    this.#changed = new Map()
    this.#isCaptured = true
    this.#number++
  }

  /** Captured consumers that are not encoded yet. */
  *toEncode(): Generator<[group: Group, consumer: Consumer], undefined> {
    for (const [group, consumers] of this.#captured) {
      for (const consumer of consumers) if (this.#isFirst(consumer)) yield [group, consumer]
    }
  }

  saved(): void {
    this.#captured = new Map()
    this.#deleted = []
    this.#isCaptured = false
  }

  /** Marks all captured consumers as changed again, except those deleted since. */
  failed(isDeleted: (group: Group) => boolean): void {
    for (const [group, captured] of this.#captured) {
      if (isDeleted(group)) continue
      const changed = this.#changed.get(group) ?? new Set()
      const [smaller, larger] = captured.size < changed.size ? [captured, changed] : [changed, captured]
      for (const consumer of smaller) larger.add(consumer)
      this.#changed.set(group, larger)
    }
    for (const [group, consumer] of this.#deleted) this.#changed.get(group)?.delete(consumer)
    this.saved()
  }

  /** Whether this checkpoint encodes the consumer for the first time. */
  #isFirst(consumer: Consumer): boolean {
    if (consumer.encodedIn === this.#number) return false
    consumer.encodedIn = this.#number
    return true
  }
}
