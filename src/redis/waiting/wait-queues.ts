import * as semantics from '../../semantics/wait-queue.ts'

/** Where a reader waits: at a stream for its entries, or at a group for the entries that the group delivers to it. */
export interface Place {
  readonly stream: string
  readonly group?: string
}

/** A reader that waits. */
export interface Waiting extends semantics.Waiting {
  readonly places: readonly Place[]
}

/** A queue for each place where readers wait, found by stream or by place. */
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
      let queue = queues.get(name)
      if (queue === undefined) {
        queue = new Queue(place)
        queues.set(name, queue)
      }
      queue.add(waiter)
    }
  }

  /** Returns false if the reader has left already. */
  delete(waiter: W): boolean {
    if (!this.#all.delete(waiter)) return false
    for (const place of waiter.places) {
      const queues = this.#streams.get(place.stream)
      const queue = queues?.get(queueName(place))
      if (queues === undefined || queue === undefined) continue
      queue.delete(waiter)
      if (queue.isEmpty) queues.delete(queueName(place))
      if (queues.size === 0) this.#streams.delete(place.stream)
    }
    return true
  }

  /** Streams where readers wait. */
  streams(): Iterable<string> {
    return this.#streams.keys()
  }

  hasStream(stream: string): boolean {
    return this.#streams.has(stream)
  }

  /** The places of a stream where readers wait. */
  placesOf(stream: string): Place[] {
    return [...(this.#streams.get(stream)?.values() ?? [])].map(({ place }) => place)
  }

  /** The readers at a place, in the order they came. Readers that leave during the iteration are skipped. */
  at(place: Place): ReadonlySet<W> {
    return this.#queue(place)?.waiting ?? new Set()
  }

  /** The readers at a place that claim idle entries. */
  claimingAt(place: Place): ReadonlySet<W> {
    return this.#queue(place)?.claiming ?? new Set()
  }

  /** The shortest idle time that a reader at a place waits for. Null if none claims idle entries. */
  shortestClaimIdleMs(place: Place): number | null {
    return this.#queue(place)?.shortestClaimIdleMs ?? null
  }

  /** All readers, wherever they wait. */
  all(): W[] {
    return [...this.#all]
  }

  #queue(place: Place): Queue<W> | undefined {
    return this.#streams.get(place.stream)?.get(queueName(place))
  }
}

class Queue<W extends Waiting> extends semantics.WaitQueue<W> {
  readonly place: Place

  constructor(place: Place) {
    super()
    this.place = place
  }
}

/** The stream's own queue has an empty name, which no group can have. */
function queueName({ group = '' }: Place): string {
  return group
}
