import { describe, expect, it } from 'vitest'
import { entryId } from '../../../../src/contract/entry-id.ts'
import { BLOCK_ENTRIES, type Block } from '../../../../src/embedded/core/block.ts'
import { NO_STORAGE } from '../../../../src/embedded/core/no-storage.ts'
import { Stream } from '../../../../src/embedded/core/stream.ts'
import { BlockCache } from '../../../../src/embedded/store/block-cache.ts'
import { fieldsJson } from '../../../support/core.ts'

/** A stream of full blocks and an open one. All but the last two are saved. */
function streamOf(blocks: number, budgetBytes: number) {
  const cache = new BlockCache(budgetBytes)
  const full: Block[] = []
  const tracker = {
    ...NO_STORAGE.tracker,
    blockHeld: (_: Stream, block: Block) => {
      cache.held(block)
      full.push(block)
    }
  }
  const stream = new Stream('orders', 1, { ...NO_STORAGE, tracker })
  const entries = Array.from({ length: blocks * BLOCK_ENTRIES + 1 }, (_, n) => ({
    id: entryId(n + 1, 0),
    fields: fieldsJson({ n: `${n}` })
  }))
  stream.append(entries)
  for (const block of full.slice(0, -1)) cache.saved(block, stream)
  return { cache, stream, full }
}

describe('BlockCache', () => {
  it('evicts the oldest blocks until the others fit, but none that is not saved', () => {
    const { cache, stream, full } = streamOf(10, 0)
    const newest = full.at(-1)?.sizeBytes ?? 0
    cache.trim()
    expect(cache.bytes).toBe(newest)
    // The evicted entries are lost, because this stream has no store.
    expect(stream.range(0n, 1n << 128n, 2000)).toHaveLength(BLOCK_ENTRIES + 1)
    expect(cache.isPressed).toBe(true)
  })

  it('keeps the most recent blocks', () => {
    const { cache, stream, full } = streamOf(10, 1 << 30)
    const bytes = full.reduce((sum, block) => sum + block.sizeBytes, 0)
    expect(cache.bytes).toBe(bytes)
    cache.trim()
    expect(cache.bytes).toBe(bytes)
    expect(stream.range(0n, 1n << 128n, 2000)).toHaveLength(10 * BLOCK_ENTRIES + 1)
    expect(cache.isPressed).toBe(false)
  })

  it('is under pressure from unsaved blocks only', () => {
    const { cache, stream, full } = streamOf(10, 1 << 20)
    const [first, ...others] = full.map((block) => ({ block, share: block.sizeBytes / (1 << 20) }))
    if (first === undefined) throw new Error('The stream has no block')
    const newest = others.at(-1)?.share
    expect(cache.pressure).toBeCloseTo(newest ?? 0)
    cache.changed(first.block)
    expect(cache.pressure).toBeCloseTo((newest ?? 0) + first.share)
    cache.saved(first.block, stream)
    cache.saved(first.block, stream)
    expect(cache.pressure).toBeCloseTo(newest ?? 0)
    for (const block of full) cache.dropped(block)
    expect(cache.pressure).toBe(0)
  })

  it('does not count dropped blocks', () => {
    const { cache, full } = streamOf(3, 1 << 30)
    for (const block of full) cache.dropped(block)
    expect(cache.bytes).toBe(0)
  })
})
