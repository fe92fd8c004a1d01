import type { Entry } from '../../contract/entries.ts'
import { ANSWER_BYTES, ENTRY_BYTES } from '../../semantics/answer-size.ts'

/** The room in an answer. The first entry always has room; from the first one that has none on, the answer is full. */
export class AnswerBudget {
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
  cutToFit(entries: Entry[], from: number): void {
    for (let index = from; index < entries.length; index++) {
      if (!this.take((entries[index] as Entry).fields.length)) entries.length = index
    }
  }
}
