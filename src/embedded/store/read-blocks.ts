import type { EntryId } from '../../contract/entry-id.ts'
import type { Block } from '../core/block.ts'
import { compareWords, setWords, WORDS } from '../core/id-words.ts'

/** So many are kept. */
const BLOCKS = 64
/** Twice what a block usually has. A larger one is a single large entry, and 64 of those would be half a gigabyte. */
const MOST_BYTES = 32 * 1024

/**
 * The blocks that were read back last, for whoever reads entries one by one, or the same ones again. Their bounds stand
 * side by side, so that to find that a block is not there costs little where it has to be read anyway.
 */
export class ReadBlocks {
  readonly #blocks: Block[] = []
  readonly #namespaces: number[] = []
  /** The first and the last id of each. */
  readonly #bounds = new Uint32Array(2 * WORDS * BLOCKS)
  readonly #sought = new Uint32Array(WORDS)
  /** Where the next one goes, in the place of the one that is there longest. */
  #next = 0
  /** The one that was found last. */
  #found = 0

  /** The block of a block namespace that holds an id, or would. */
  find(blockNamespace: number, id: EntryId): Block | null {
    setWords(this.#sought, 0, id)
    if (this.#spans(this.#found, blockNamespace)) return this.#blocks[this.#found] as Block
    for (let at = 0; at < this.#blocks.length; at++) {
      if (!this.#spans(at, blockNamespace)) continue
      this.#found = at
      return this.#blocks[at] as Block
    }
    return null
  }

  /** Keeps a block instead of the oldest one. A large block is not kept. */
  add(blockNamespace: number, block: Block): void {
    if (block.sizeBytes > MOST_BYTES) return
    const at = this.#next
    this.#next = (at + 1) % BLOCKS
    this.#blocks[at] = block
    this.#namespaces[at] = blockNamespace
    setWords(this.#bounds, 2 * WORDS * at, block.firstId)
    setWords(this.#bounds, 2 * WORDS * at + WORDS, block.lastId)
    this.#found = at
  }

  clear(): void {
    this.#blocks.length = 0
    this.#namespaces.length = 0
    this.#next = 0
    this.#found = 0
  }

  /** Whether the id that is sought lies from the first id to the last one of a block. */
  #spans(at: number, blockNamespace: number): boolean {
    if (this.#namespaces[at] !== blockNamespace) return false
    const first = 2 * WORDS * at
    return (
      compareWords(this.#bounds, first, this.#sought, 0) <= 0 &&
      compareWords(this.#sought, 0, this.#bounds, first + WORDS) <= 0
    )
  }
}
