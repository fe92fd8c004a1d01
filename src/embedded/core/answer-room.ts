/** What an answer may hold of entries. It must fit into memory, and into a string, whatever was asked for. */
export const ANSWER_BYTES = 16 << 20

/** The room in an answer. One entry always has room; who comes when it is full waits for the next answer. */
export class AnswerRoom {
  #leftBytes: number

  constructor(bytes = ANSWER_BYTES) {
    this.#leftBytes = bytes
  }

  get leftBytes(): number {
    return this.#leftBytes
  }

  get isFull(): boolean {
    return this.#leftBytes <= 0
  }

  take(bytes: number): void {
    this.#leftBytes -= bytes
  }
}
