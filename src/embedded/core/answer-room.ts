import type { Entry } from '../../engine.ts'

/** What an answer holds of entries at most, unless it is a single one. It must fit into memory, and into a string. */
export const ANSWER_BYTES = 16 << 20
/** What an entry takes in an answer besides its fields, at most: an id, some counts, and the names of all these. */
const ENTRY_BYTES = 128

/** The room in an answer. The first entry always has room; from the first one that has none on, the answer is full. */
export class AnswerRoom {
  #leftBytes: number
  #isEmpty = true

  constructor(bytes = ANSWER_BYTES) {
    this.#leftBytes = bytes
  }

  get isFull(): boolean {
    return this.#leftBytes <= 0
  }

  /** Takes the room for an entry with so many bytes of fields. False if there is none. */
  take(bytes: number): boolean {
    if (this.isFull) return false
    this.#leftBytes -= bytes + ENTRY_BYTES
    const isTaken = this.#leftBytes >= 0 || this.#isEmpty
    this.#isEmpty = false
    return isTaken
  }

  /** Takes the room for entries from an index on, and cuts the list where there is none. */
  takeAll(entries: Entry[], from: number): void {
    for (let index = from; index < entries.length; index++) {
      if (!this.take((entries[index] as Entry).fields.length)) entries.length = index
    }
  }
}
