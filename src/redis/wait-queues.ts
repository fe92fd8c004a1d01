/** Where a reader waits: at a stream for its entries, at a group of it for its share of them. */
export interface Place {
  readonly stream: string
  readonly group?: string
}

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
  readonly #streams = new Map<string, Map<string, Queue<W>>>()
  readonly #all = new Set<W>()

  add(waiter: W): void {
    this.#all.add(waiter)
    for (const place of waiter.places) {
      let queues = this.#streams.get(place.stream)
      if (queues === undefined) {
        queues = new Map()
        this.#streams.set(place.stream, queues)
      }
      const name = queueName(place)
      const queue = queues.get(name) ?? { place, waiting: new Set(), claiming: new Set() }
      queues.set(name, queue)
      queue.waiting.add(waiter)
      if (waiter.claimIdleMs !== undefined) queue.claiming.add(waiter)
    }
  }

  /** False when it had left already. */
  delete(waiter: W): boolean {
    if (!this.#all.delete(waiter)) return false
    for (const place of waiter.places) {
      const queues = this.#streams.get(place.stream)
      const queue = queues?.get(queueName(place))
      if (queues === undefined || queue === undefined) continue
      queue.waiting.delete(waiter)
      queue.claiming.delete(waiter)
      if (queue.waiting.size === 0) queues.delete(queueName(place))
      if (queues.size === 0) this.#streams.delete(place.stream)
    }
    return true
  }

  /** Streams where somebody waits. */
  streams(): Iterable<string> {
    return this.#streams.keys()
  }

  hasStream(stream: string): boolean {
    return this.#streams.has(stream)
  }

  /** The places of a stream where somebody waits. */
  placesOf(stream: string): Place[] {
    return [...(this.#streams.get(stream)?.values() ?? [])].map(({ place }) => place)
  }

  /** In the order they came. Whoever leaves meanwhile is not met again. */
  at(place: Place): ReadonlySet<W> {
    return this.#queue(place)?.waiting ?? new Set()
  }

  /** The same, of those that would claim. */
  claimingAt(place: Place): ReadonlySet<W> {
    return this.#queue(place)?.claiming ?? new Set()
  }

  /** The shortest time after which somebody here would claim an entry; null when nobody would. */
  shortestClaimIdleMs(place: Place): number | null {
    let shortest: number | null = null
    for (const { claimIdleMs = 0 } of this.claimingAt(place)) {
      if (shortest === null || claimIdleMs < shortest) shortest = claimIdleMs
    }
    return shortest
  }

  /** Everybody, wherever they wait. */
  all(): W[] {
    return [...this.#all]
  }

  #queue(place: Place): Queue<W> | undefined {
    return this.#streams.get(place.stream)?.get(queueName(place))
  }
}

interface Queue<W> {
  readonly place: Place
  readonly waiting: Set<W>
  readonly claiming: Set<W>
}

/** No group's name is empty, so that the queue of the stream itself has a name of its own. */
function queueName({ group = '' }: Place): string {
  return group
}
