import type { Socket } from 'node:net'

/**
 * The deliveries of one connection that nothing has shown to be read, in the order in which the engine made them.
 *
 * A request proves the deliveries that were answered before it was sent. The server cannot see when a request was
 * sent, so it compares two moments: when the kernel had taken the last byte of the answer, and when the first byte of
 * the request was read. A request that began before, or whose bytes had been read before, proves nothing: its sender
 * pipelines and did not wait for the answer. One case remains. Bytes that were already in the kernel's buffer when the
 * answer was taken, and that Node reads afterwards, count as sent afterwards.
 */
export class Unproven {
  readonly #deliveries: Given[] = []

  get size(): number {
    return this.#deliveries.length
  }

  /** Adds a delivery that is about to be sent. It keeps the function alone, so that no entry stays in memory. */
  add(undo: () => void): Given {
    const given = { undo, takenAt: Number.POSITIVE_INFINITY, bytesRead: 0 }
    this.#deliveries.push(given)
    return given
  }

  /** The kernel has taken the last byte of the answer. */
  taken(given: Given, socket: Socket): void {
    given.takenAt = performance.now()
    // A socket that a test injects a request with has no such number.
    given.bytesRead = socket.bytesRead ?? 0
  }

  /** The head of a request has arrived: drops the deliveries that it proves. */
  requestCame(socket: Socket): void {
    if (this.#deliveries.length === 0) return
    this.#dropTaken(performance.now() - arrivingMs(socket), socket.bytesRead)
  }

  /** Drops the deliveries whose answers were taken before this moment. */
  dropTakenBefore(moment: number): void {
    this.#dropTaken(moment, Number.POSITIVE_INFINITY)
  }

  /** Removes all deliveries, and returns what undoes them, the last one first: an entry may be in several of them. */
  removeAll(): (() => void)[] {
    return this.#deliveries
      .splice(0)
      .reverse()
      .map(({ undo }) => undo)
  }

  /** The same, but returns only what undoes those whose answers were not taken. */
  removeAllButTaken(): (() => void)[] {
    this.dropTakenBefore(Number.POSITIVE_INFINITY)
    return this.removeAll()
  }

  #dropTaken(before: number, bytesRead: number): void {
    const deliveries = this.#deliveries
    let kept = 0
    for (const given of deliveries) {
      if (given.takenAt < before && given.bytesRead < bytesRead) continue
      deliveries[kept++] = given
    }
    // Not by setting the length, which would make the next delivery allocate a new array.
    while (deliveries.length > kept) deliveries.pop()
  }
}

interface Given {
  readonly undo: () => void
  /** When the kernel took the last byte of the answer. */
  takenAt: number
  /** How much of the connection had been read then. */
  bytesRead: number
}

/** How long ago the first byte of the request was read that arrives now. Node's own time-out of heads counts from there. */
function arrivingMs(socket: Socket): number {
  return (socket as { parser?: { duration?(): number } }).parser?.duration?.() ?? 0
}
