import { describe, expect, it } from 'vitest'
import { entryId, MAX_ID } from '../../../../src/contract/entry-id.ts'
import { Block } from '../../../../src/embedded/core/block.ts'
import { ReadBlocks } from '../../../../src/embedded/store/read-blocks.ts'

const KEPT = 64

/** A block with two entries, ten milliseconds apart. */
function blockAt(ms: number): Block {
  const block = Block.create(false)
  block.add(entryId(ms, 1), Buffer.from('{}'))
  block.add(entryId(ms + 10, 5), Buffer.from('{}'))
  return block
}

describe('ReadBlocks', () => {
  it('finds a block by any id from its first to its last, in its block namespace only', () => {
    const read = new ReadBlocks()
    const [early, late, other] = [blockAt(100), blockAt(200), blockAt(100)]
    read.add(1, early)
    read.add(1, late)
    read.add(2, other)
    for (const id of [entryId(100, 1), entryId(105, 0), entryId(110, 5)]) {
      expect(read.find(1, id)).toBe(early)
      expect(read.find(2, id)).toBe(other)
      expect(read.find(3, id)).toBeNull()
    }
    expect(read.find(1, entryId(204, 0))).toBe(late)
    for (const id of [0n, entryId(100, 0), entryId(110, 6), entryId(199, 0), entryId(211, 0), MAX_ID])
      expect(read.find(1, id)).toBeNull()
  })

  it('keeps the most recently read blocks', () => {
    const read = new ReadBlocks()
    const blocks = Array.from({ length: KEPT + 3 }, (_, i) => blockAt(100 * i))
    for (const block of blocks) read.add(1, block)
    const found = blocks.map((block) => read.find(1, block.lastId))
    expect(found).toEqual([null, null, null, ...blocks.slice(3)])
  })

  it('does not keep a block with a large entry, because a few of them would exceed all others', () => {
    const read = new ReadBlocks()
    const large = Block.create(false)
    large.add(entryId(100, 1), Buffer.alloc(64 * 1024))
    read.add(1, large)
    expect(read.find(1, entryId(100, 1))).toBeNull()
  })

  it('is empty after it was cleared', () => {
    const read = new ReadBlocks()
    read.add(1, blockAt(100))
    expect(read.find(1, entryId(105, 0))).not.toBeNull()
    read.clear()
    expect(read.find(1, entryId(105, 0))).toBeNull()
  })
})
