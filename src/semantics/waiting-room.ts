import { EngineError } from '../contract/errors.ts'

export interface WaitingLimits {
  /** How many readers may wait at once. */
  readonly maxWaiting: number
  /** How many places they may wait at in total. Default: unlimited. */
  readonly maxWaitingPlaces?: number
}

/**
 * Counts the waiting readers of an engine and the places they wait at. A place is one stream or group that
 * one reader waits at: a reader of three streams takes three places.
 */
export class WaitingRoom {
  readonly #maxReaders: number
  readonly #maxPlaces: number
  #readers = 0
  #places = 0
  #reservedReaders = 0
  #reservedPlaces = 0

  constructor({ maxWaiting, maxWaitingPlaces = Number.POSITIVE_INFINITY }: WaitingLimits) {
    this.#maxReaders = maxWaiting
    this.#maxPlaces = maxWaitingPlaces
  }

  get readers(): number {
    return this.#readers
  }

  get places(): number {
    return this.#places
  }

  /** Throws too-many-waiting unless there is room for a reader at this number of places. */
  admit(places: number): void {
    const refusal = this.#refusal(places)
    if (refusal !== undefined) throw new EngineError('too-many-waiting', refusal)
  }

  /** Counts a reader as waiting until it leaves. Throws as `admit` does. */
  enter(places: number): void {
    this.admit(places)
    this.#readers++
    this.#places += places
  }

  leave(places: number): void {
    this.#readers--
    this.#places -= places
  }

  /**
   * Counts a reader as waiting at one place until the returned function is called. Throws as `admit` does.
   */
  takePlace(): () => void {
    this.enter(1)
    let isTaken = true
    return () => {
      if (isTaken) this.leave(1)
      isTaken = false
    }
  }

  /**
   * Reserves room for a reader that may have to wait, until it is released. Returns false if there is no
   * room.
   */
  reserve(places: number): boolean {
    if (this.#refusal(places) !== undefined) return false
    this.#reservedReaders++
    this.#reservedPlaces += places
    return true
  }

  release(places: number): void {
    this.#reservedReaders--
    this.#reservedPlaces -= places
  }

  #refusal(places: number): string | undefined {
    if (this.#readers + this.#reservedReaders >= this.#maxReaders) {
      return `Limit reached: ${this.#maxReaders} readers are waiting`
    }
    if (this.#places + this.#reservedPlaces + places > this.#maxPlaces) {
      return `Limit reached: readers may wait on at most ${this.#maxPlaces} streams and groups in total, counted per reader`
    }
    return undefined
  }
}
