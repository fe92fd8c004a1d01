import type { Block } from '../core/block.ts'
import type { Stream } from '../core/stream.ts'

/**
 * Blocks in memory, within a budget. A block that the store has in the same state can be evicted, the oldest
 * first, so that recent entries stay in memory. Blocks that were only read from the store are not in this
 * cache.
 */
export class BlockCache {
  readonly #budgetBytes: number
  readonly #sizes = new Map<Block, number>()
  /** In the order of eviction. */
  readonly #saved = new Map<Block, Stream>()
  #bytes = 0
  #savedBytes = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** Size of the blocks that take no further entries. */
  get bytes(): number {
    return this.#bytes
  }

  /** Share of the budget taken by blocks that must be saved before they can be evicted. 1 is all of it. */
  get pressure(): number {
    return this.#budgetBytes === 0 ? 1 : (this.#bytes - this.#savedBytes) / this.#budgetBytes
  }

  /** Whether the cache exceeds its budget and must save blocks to get below it. */
  get isPressed(): boolean {
    return this.#bytes > this.#budgetBytes && this.#saved.size === 0
  }

  held(block: Block): void {
    const bytes = block.sizeBytes
    this.#sizes.set(block, bytes)
    this.#bytes += bytes
  }

  dropped(block: Block): void {
    this.changed(block)
    this.#bytes -= this.#sizes.get(block) ?? 0
    this.#sizes.delete(block)
  }

  /** The block is about to differ from its stored version. */
  changed(block: Block): void {
    if (this.#saved.delete(block)) this.#savedBytes -= this.#sizes.get(block) ?? 0
  }

  /** The store has the block in its current state. */
  saved(block: Block, stream: Stream): void {
    const bytes = this.#sizes.get(block)
    if (bytes === undefined) return
    if (!this.#saved.has(block)) this.#savedBytes += bytes
    this.#saved.set(block, stream)
  }

  /** Evicts blocks until the budget is met. */
  trim(): void {
    for (const [block, stream] of this.#saved) {
      if (this.#bytes <= this.#budgetBytes) return
      stream.evict(block)
      this.dropped(block)
    }
  }
}
