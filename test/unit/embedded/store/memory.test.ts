import { describe, expect, it } from 'vitest'
import { BLOCK_ENTRIES, type Block } from '../../../../src/embedded/core/block.ts'
import { NOWHERE } from '../../../../src/embedded/core/home.ts'
import { Stream } from '../../../../src/embedded/core/stream.ts'
import { Memory } from '../../../../src/embedded/store/memory.ts'
import { entryId } from '../../../../src/entry-id.ts'
import { fieldsJson } from '../../../support/core.ts'

/** A stream of full blocks and an open one, all of them saved but the last two. */
function streamOf(blocks: number, budgetBytes: number) {
  const memory = new Memory(budgetBytes)
  const full: Block[] = []
  const watcher = {
    ...NOWHERE.watcher,
    blockHeld: (_: Stream, block: Block) => {
      memory.held(block)
      full.push(block)
    }
  }
  const stream = new Stream('orders', 1, { ...NOWHERE, watcher })
  const entries = Array.from({ length: blocks * BLOCK_ENTRIES + 1 }, (_, n) => ({
    id: entryId(n + 1, 0),
    fields: fieldsJson({ n: `${n}` })
  }))
  stream.append(entries)
  for (const block of full.slice(0, -1)) memory.saved(block, stream)
  return { memory, stream, full }
}

describe('memory', () => {
  it('lets go of the first blocks until the others fit, and of none that is not saved', () => {
    const { memory, stream, full } = streamOf(10, 0)
    const newest = full.at(-1)?.sizeBytes ?? 0
    memory.trim()
    expect(memory.bytes).toBe(newest)
    // Nothing has them any more, since this stream has no shelf.
    expect(stream.range(0n, 1n << 128n, 2000)).toHaveLength(BLOCK_ENTRIES + 1)
    expect(memory.isPressed).toBe(true)
  })

  it('keeps the most recent blocks', () => {
    const { memory, stream, full } = streamOf(10, 1 << 30)
    const bytes = full.reduce((sum, block) => sum + block.sizeBytes, 0)
    expect(memory.bytes).toBe(bytes)
    memory.trim()
    expect(memory.bytes).toBe(bytes)
    expect(stream.range(0n, 1n << 128n, 2000)).toHaveLength(10 * BLOCK_ENTRIES + 1)
    expect(memory.isPressed).toBe(false)
  })

  it('is under the pressure of what is not saved alone', () => {
    const { memory, stream, full } = streamOf(10, 1 << 20)
    const [first, ...others] = full.map((block) => ({ block, share: block.sizeBytes / (1 << 20) }))
    if (first === undefined) throw new Error('There is no block')
    const newest = others.at(-1)?.share
    expect(memory.pressure).toBeCloseTo(newest ?? 0)
    memory.changed(first.block)
    expect(memory.pressure).toBeCloseTo((newest ?? 0) + first.share)
    memory.saved(first.block, stream)
    memory.saved(first.block, stream)
    expect(memory.pressure).toBeCloseTo(newest ?? 0)
    for (const block of full) memory.dropped(block)
    expect(memory.pressure).toBe(0)
  })

  it('forgets what was dropped', () => {
    const { memory, full } = streamOf(3, 1 << 30)
    for (const block of full) memory.dropped(block)
    expect(memory.bytes).toBe(0)
  })
})
