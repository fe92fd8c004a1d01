import type { Socket } from 'node:net'

/**
 * The deliveries of one connection that may not have been read yet, in the order in which the engine made
 * them.
 *
 * A request confirms the deliveries that were answered before it was sent. The server cannot see when a
 * request was sent, so it compares two moments: when the kernel had taken the last byte of the answer, and
 * when the first byte of the request was parsed. A request that began earlier, or whose bytes had been read
 * earlier, confirms nothing: its sender pipelines and did not wait for the answer. One case remains. Bytes
 * that were already in the kernel's buffer when the answer was taken, and that Node reads afterwards, count
 * as sent afterwards.
 */
export class UnconfirmedDeliveries {
  readonly #deliveries: UnconfirmedDelivery[] = []
  /**
   * When the first byte of the latest request was parsed. Requests that began before the first delivery
   * confirm nothing.
   */
  #begunAt = Number.NEGATIVE_INFINITY
  #watches = false

  get size(): number {
    return this.#deliveries.length
  }

  /**
   * Adds a delivery that is about to be sent. It keeps only the function, so that no entry stays in memory.
   */
  add(undo: () => void, socket: Socket): UnconfirmedDelivery {
    if (!this.#watches) this.#watch(socket)
    const delivery = { undo, takenAt: Number.POSITIVE_INFINITY, bytesRead: 0 }
    this.#deliveries.push(delivery)
    return delivery
  }

  /** The kernel has taken the last byte of the answer. */
  taken(delivery: UnconfirmedDelivery, socket: Socket): void {
    delivery.takenAt = performance.now()
    // The socket of a request that a test injects does not have it.
    delivery.bytesRead = socket.bytesRead ?? 0
  }

  /** Call it when the head of a request has arrived. Drops the deliveries that it confirms. */
  requestArrived(socket: Socket): void {
    if (this.#deliveries.length === 0) return
    this.#dropTaken(this.#begunAt, socket.bytesRead)
  }

  /** Drops the deliveries whose answers were taken before this moment. */
  dropTakenBefore(moment: number): void {
    this.#dropTaken(moment, Number.POSITIVE_INFINITY)
  }

  /**
   * Removes all deliveries, and returns their `undo`, the last one first: an entry may be in several of them.
   */
  removeAll(): (() => void)[] {
    return this.#deliveries
      .splice(0)
      .reverse()
      .map(({ undo }) => undo)
  }

  /** The same, but only returns those whose answers the kernel has not taken. */
  removeAllButTaken(): (() => void)[] {
    this.dropTakenBefore(Number.POSITIVE_INFINITY)
    return this.removeAll()
  }

  /**
   * Node has no public event for the start of a request. Its parser calls the function in this slot, and Node
   * empties the slot before another connection gets the parser.
   */
  #watch(socket: Socket): void {
    this.#watches = true
    const { parser } = socket as { parser?: Parser | null }
    const slot = parser?.constructor.kOnMessageBegin
    if (!parser || slot === undefined) {
      // Any request then counts as sent after the answers that were taken.
      this.#begunAt = Number.POSITIVE_INFINITY
      return
    }
    parser[slot] = () => {
      this.#begunAt = performance.now()
    }
  }

  #dropTaken(before: number, bytesRead: number): void {
    const deliveries = this.#deliveries
    let kept = 0
    for (const delivery of deliveries) {
      if (delivery.takenAt < before && delivery.bytesRead < bytesRead) continue
      deliveries[kept++] = delivery
    }
    // Not by setting the length, which would make the next delivery allocate a new array.
    while (deliveries.length > kept) deliveries.pop()
  }
}

interface UnconfirmedDelivery {
  readonly undo: () => void
  /** When the kernel took the last byte of the answer. */
  takenAt: number
  /** How many bytes of the connection had been read by then. */
  bytesRead: number
}

/** Node's HTTP parser of a connection. The socket of a request that a test injects has none. */
interface Parser {
  readonly constructor: { readonly kOnMessageBegin?: number }
  [slot: number]: (() => void) | null
}
