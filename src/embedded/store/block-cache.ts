import type { Block } from '../core/block.ts'
import type { Stream } from '../core/stream.ts'

/**
 * Blocks in memory, under a budget. Those that the store has as they are can be let go of, the ones that came first
 * before the others, so that recent entries stay. What is read back from the store never comes here.
 */
export class BlockCache {
  readonly #budgetBytes: number
  readonly #sizes = new Map<Block, number>()
  /** In the order they can go. */
  readonly #saved = new Map<Block, Stream>()
  #bytes = 0
  #savedBytes = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** Held by blocks that take no further entry. */
  get bytes(): number {
    return this.#bytes
  }

  /** How much of the budget is taken by what only saving can help to let go of: 1 when all of it is. */
  get pressure(): number {
    return this.#budgetBytes === 0 ? 1 : (this.#bytes - this.#savedBytes) / this.#budgetBytes
  }

  /** Whether more is held than the budget allows, and only saving can help. */
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

  /** The block is about to differ from what is stored. */
  changed(block: Block): void {
    if (this.#saved.delete(block)) this.#savedBytes -= this.#sizes.get(block) ?? 0
  }

  /** The store has the block as it is. */
  saved(block: Block, stream: Stream): void {
    const bytes = this.#sizes.get(block)
    if (bytes === undefined) return
    if (!this.#saved.has(block)) this.#savedBytes += bytes
    this.#saved.set(block, stream)
  }

  /** Lets go of what is beyond the budget. */
  trim(): void {
    for (const [block, stream] of this.#saved) {
      if (this.#bytes <= this.#budgetBytes) return
      stream.evict(block)
      this.dropped(block)
    }
  }
}
