import type { Group } from './group.ts'
import type { Stream } from './stream.ts'

/** Where a reader waits: at a stream for its entries, at a group for its share of them. */
export type Place = Stream | Group

/** A reader that waits. */
export interface Waiting {
  readonly places: readonly Place[]
  /** Entries that have been pending for so long would do as well. */
  readonly claimIdleMs?: number
}

/**
 * Who waits where, in the order they came. Leaving is the same work however many wait.
 */
export class WaitQueues<W extends Waiting> {
  readonly #queues = new Map<Place, Queue<W>>()

  add(waiter: W): void {
    for (const place of waiter.places) {
      let queue = this.#queues.get(place)
      if (queue === undefined) {
        queue = { waiting: new Set(), claiming: new Set(), claimIdleMs: new Map() }
        this.#queues.set(place, queue)
      }
      queue.waiting.add(waiter)
      if (waiter.claimIdleMs === undefined) continue
      queue.claiming.add(waiter)
      count(queue.claimIdleMs, waiter.claimIdleMs, 1)
    }
  }

  /** False when it had left already. */
  delete(waiter: W): boolean {
    let waited = false
    for (const place of waiter.places) {
      const queue = this.#queues.get(place)
      if (queue === undefined || !queue.waiting.delete(waiter)) continue
      waited = true
      if (queue.waiting.size === 0) this.#queues.delete(place)
      if (waiter.claimIdleMs === undefined) continue
      queue.claiming.delete(waiter)
      count(queue.claimIdleMs, waiter.claimIdleMs, -1)
    }
    return waited
  }

  has(place: Place): boolean {
    return this.#queues.has(place)
  }

  /** In the order they came. Whoever leaves meanwhile is not met again. */
  at(place: Place): Iterable<W> {
    return this.#queues.get(place)?.waiting ?? []
  }

  /** The same, of those that would claim. */
  claimingAt(place: Place): Iterable<W> {
    return this.#queues.get(place)?.claiming ?? []
  }

  /** The shortest time after which somebody here would claim an entry; null when nobody would. */
  shortestClaimIdleMs(place: Place): number | null {
    const queue = this.#queues.get(place)
    if (queue === undefined || queue.claiming.size === 0) return null
    return Math.min(...queue.claimIdleMs.keys())
  }

  /** Everybody, wherever they wait. */
  all(): Set<W> {
    const all = new Set<W>()
    for (const { waiting } of this.#queues.values()) for (const waiter of waiting) all.add(waiter)
    return all
  }
}

interface Queue<W> {
  readonly waiting: Set<W>
  readonly claiming: Set<W>
  /** How many would claim after how long: few different times, however many wait. */
  readonly claimIdleMs: Map<number, number>
}

function count(counts: Map<number, number>, key: number, by: number): void {
  const sum = (counts.get(key) ?? 0) + by
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}
