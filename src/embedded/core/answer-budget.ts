import type { Entry } from '../../contract/entries.ts'
import { ANSWER_BYTES, ENTRY_BYTES } from '../../semantics/answer-size.ts'

/**
 * The space in an answer. The first entry always fits. After the first entry that does not fit, the answer is
 * full.
 */
export class AnswerBudget {
  #leftBytes: number
  #isEmpty = true

  constructor(bytes = ANSWER_BYTES) {
    this.#leftBytes = bytes
  }

  get isFull(): boolean {
    return this.#leftBytes <= 0
  }

  /** Takes space for an entry with this many bytes of fields. Returns false if the entry does not fit. */
  take(bytes: number): boolean {
    if (this.isFull) return false
    this.#leftBytes -= bytes + ENTRY_BYTES
    const isTaken = this.#leftBytes >= 0 || this.#isEmpty
    this.#isEmpty = false
    return isTaken
  }

  /** Takes space for the entries from an index on, and removes from the list those that do not fit. */
  cutToFit(entries: Entry[], from: number): void {
    for (let index = from; index < entries.length; index++) {
      if (!this.take((entries[index] as Entry).fields.length)) entries.length = index
    }
  }
}
