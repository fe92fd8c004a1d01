import type { EntryId } from '../../contract/entry-id.ts'
import type { Block } from '../core/block.ts'
import { compareWords, setWords, WORDS } from '../core/id-words.ts'

/** Number of blocks that are kept. */
const BLOCKS = 64
/**
 * Twice the usual size of a block. A larger block is a single large entry, and 64 of those would be half a
 * gigabyte.
 */
const MOST_BYTES = 32 * 1024

/**
 * The blocks that were last read from the store, for callers that read entries one by one or repeatedly. The
 * bounds of all blocks are in one array, so that a miss, after which a block must be read anyway, costs
 * little.
 */
export class ReadBlocks {
  readonly #blocks: Block[] = []
  readonly #namespaces: number[] = []
  /** First and last id of each block. */
  readonly #bounds = new Uint32Array(2 * WORDS * BLOCKS)
  readonly #sought = new Uint32Array(WORDS)
  /** Index of the oldest block, which the next one replaces. */
  #next = 0
  /** Index of the block that was found last. */
  #found = 0

  /** Returns the block of a namespace that contains an id, or would contain it. */
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

  /** Keeps a block in place of the oldest one. Large blocks are not kept. */
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

  /** Whether the id in `#sought` lies between the first and the last id of a block. */
  #spans(at: number, blockNamespace: number): boolean {
    if (this.#namespaces[at] !== blockNamespace) return false
    const first = 2 * WORDS * at
    return (
      compareWords(this.#bounds, first, this.#sought, 0) <= 0 &&
      compareWords(this.#sought, 0, this.#bounds, first + WORDS) <= 0
    )
  }
}
