import * as semantics from '../../semantics/wait-queue.ts'
import type { Group } from './group.ts'
import type { Stream } from './stream.ts'

/** Where a reader waits: a stream for all its entries, or a group for the reader's share of them. */
export type Place = Stream | Group

/** A reader that waits. */
export interface Waiting extends semantics.Waiting {
  readonly places: readonly Place[]
}

/** A queue for each place where readers wait. */
export class WaitQueues<W extends Waiting> {
  readonly #queues = new Map<Place, semantics.WaitQueue<W>>()

  add(waiter: W): void {
    for (const place of waiter.places) {
      let queue = this.#queues.get(place)
      if (queue === undefined) {
        queue = new semantics.WaitQueue()
        this.#queues.set(place, queue)
      }
      queue.add(waiter)
    }
  }

  /** Returns false if the reader has left already. */
  delete(waiter: W): boolean {
    let waited = false
    for (const place of waiter.places) {
      const queue = this.#queues.get(place)
      if (queue?.delete(waiter) !== true) continue
      waited = true
      if (queue.isEmpty) this.#queues.delete(place)
    }
    return waited
  }

  has(place: Place): boolean {
    return this.#queues.has(place)
  }

  /** Readers in order of arrival. Those that leave during the iteration are skipped. */
  at(place: Place): Iterable<W> {
    return this.#queues.get(place)?.waiting ?? []
  }

  /** The readers of this place that claim idle entries. */
  claimingAt(place: Place): Iterable<W> {
    return this.#queues.get(place)?.claiming ?? []
  }

  /** The shortest idle time at which a reader at this place claims an entry; null if none claims. */
  shortestClaimIdleMs(place: Place): number | null {
    return this.#queues.get(place)?.shortestClaimIdleMs ?? null
  }

  /** All readers, wherever they wait. */
  all(): Set<W> {
    const all = new Set<W>()
    for (const { waiting } of this.#queues.values()) for (const waiter of waiting) all.add(waiter)
    return all
  }
}
