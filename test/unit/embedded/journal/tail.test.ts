import { describe, expect, it } from 'vitest'
import { ByteWriter } from '../../../../src/embedded/bytes/byte-writer.ts'
import { MARK_BYTES, writeMark } from '../../../../src/embedded/journal/record.ts'
import { fileOffset, type OpenSegment } from '../../../../src/embedded/journal/segment.ts'
import { tornTo } from '../../../../src/embedded/journal/tail.ts'
import { MemoryDisk } from '../../../support/memory-disk.ts'

const PIECE_BYTES = 1 << 20

/** A segment of zeros with a mark at a position, which states what was durable. */
async function segmentWithMark(position: number, durable: number): Promise<OpenSegment> {
  const disk = await new MemoryDisk().create('0000000000000000.journal')
  const segment = { file: '0000000000000000.journal', base: 0, end: 2 * PIECE_BYTES, salt: 7, disk }
  const writer = new ByteWriter(MARK_BYTES)
  writeMark(writer, { position, salt: segment.salt }, durable)
  await disk.write(writer.slice(0, MARK_BYTES), fileOffset(segment, position))
  return segment
}

describe('the tail of a journal', () => {
  it('is found to be damaged by a mark anywhere behind', async () => {
    // Also where one piece that is read ends and another begins.
    for (let distance = -64; distance <= 64; distance += 8) {
      const segment = await segmentWithMark(4096 + PIECE_BYTES + distance, 4104)
      await expect(tornTo([segment], 4096)).rejects.toThrow('0000000000000000.journal at byte 8192: ')
    }
  })

  it('is torn as far as anything stands there, when no mark knows of it', async () => {
    const segment = await segmentWithMark(PIECE_BYTES, 4096)
    const end = await tornTo([segment], 4096)
    expect(end).toBeGreaterThan(PIECE_BYTES)
    expect(end).toBeLessThanOrEqual(PIECE_BYTES + MARK_BYTES)
  })

  it('is whole when nothing stands there', async () => {
    const segment = await segmentWithMark(0, 0)
    expect(await tornTo([segment], MARK_BYTES)).toBe(MARK_BYTES)
  })
})
