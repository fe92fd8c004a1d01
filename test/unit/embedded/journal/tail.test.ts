import { describe, expect, it } from 'vitest'
import { ByteWriter } from '../../../../src/embedded/bytes/byte-writer.ts'
import {
  COMMIT_MARKER_BYTES,
  type CommitMarker,
  type Signature,
  writeCommitMarker
} from '../../../../src/embedded/journal/record.ts'
import { fileOffset, type OpenSegment } from '../../../../src/embedded/journal/segment.ts'
import { type Torn, tornTo } from '../../../../src/embedded/journal/tail.ts'
import { MemoryDisk } from '../../../support/memory-disk.ts'

const PIECE_BYTES = 1 << 20

const BOOT = 5
const NONE: Torn = { end: COMMIT_MARKER_BYTES, records: 0, mayBeAnswered: false }

/** A segment of zeros with commit markers at some positions. `durable` is the position that a marker reports as durable. */
async function segmentWith(
  ...markers: (Partial<Signature> & { at: number; durable: number })[]
): Promise<OpenSegment> {
  const disk = await new MemoryDisk().create('0000000000000000.journal')
  const file = '0000000000000000.journal'
  const segment = { file, base: 0, end: 2 * PIECE_BYTES, salt: 7, version: 2, disk }
  for (const { at, durable, boot = 0, answersDurable = false } of markers) {
    const writer = new ByteWriter(COMMIT_MARKER_BYTES)
    writeCommitMarker(writer, { position: at, salt: segment.salt }, durable, { boot, answersDurable })
    await disk.write(writer.slice(0, COMMIT_MARKER_BYTES), fileOffset(segment, at))
  }
  return segment
}

const before = (by: Partial<Signature>): CommitMarker => ({
  durable: 0,
  by: { boot: 0, answersDurable: false, ...by }
})

describe('the tail of a journal', () => {
  // Around the boundary between two pieces, too: the file is read in pieces.
  const distances = Array.from({ length: 17 }, (_, n) => 8 * (n - 8))

  it('is damaged if any later commit marker reports it as durable', async () => {
    for (const distance of distances) {
      const segment = await segmentWith({ at: 4096 + PIECE_BYTES + distance, durable: 4104 })
      await expect(tornTo([segment], 4096, null, BOOT)).rejects.toThrow(
        '0000000000000000.journal at byte 8192: not a complete record, although everything up to position 4104 was durable'
      )
    }
  })

  it('is damaged if any later commit marker was written in the same boot', async () => {
    for (const distance of distances) {
      const at = 4096 + PIECE_BYTES + distance
      const segment = await segmentWith({ at, durable: 4096, boot: BOOT })
      await expect(tornTo([segment], 4096, null, BOOT)).rejects.toThrow(
        `at byte 8192: not a complete record, although everything up to position ${at} was written since the machine started`
      )
      for (const boot of [BOOT + 1, 0]) await tornTo([segment], 4096, null, boot)
    }
  })

  it('is torn up to the last non-zero byte if no marker reports it as durable', async () => {
    const segment = await segmentWith({ at: PIECE_BYTES, durable: 4096 })
    const { end } = await tornTo([segment], 4096, null, BOOT)
    expect(end).toBeGreaterThan(PIECE_BYTES)
    expect(end).toBeLessThanOrEqual(PIECE_BYTES + COMMIT_MARKER_BYTES)
  })

  it('was never answered if its process waited for the disk, or was interrupted in this boot', async () => {
    const otherBoot = { boot: BOOT + 1 }
    const durable = { answersDurable: true }
    const mayBeAnswered = async (last: Partial<Signature> | null, ...later: Partial<Signature>[]) => {
      const markers = later.map((by, n) => ({ at: 8192 + 64 * n, durable: 0, ...by }))
      // Bytes that are not a record.
      const segment = await segmentWith({ at: 4096, durable: 0 }, ...markers)
      await segment.disk.write(Buffer.alloc(4, 1), fileOffset(segment, 4096))
      return (await tornTo([segment], 4096, last && before(last), BOOT)).mayBeAnswered
    }
    expect(await mayBeAnswered(null)).toBe(true)
    expect(await mayBeAnswered({ boot: BOOT })).toBe(false)
    expect(await mayBeAnswered(otherBoot)).toBe(true)
    expect(await mayBeAnswered({ ...otherBoot, ...durable })).toBe(false)
    expect(await mayBeAnswered({ ...otherBoot, ...durable }, { ...otherBoot, ...durable })).toBe(false)
    expect(await mayBeAnswered({ ...otherBoot, ...durable }, otherBoot)).toBe(true)
  })

  it('is whole if it is empty', async () => {
    const segment = await segmentWith({ at: 0, durable: 0 })
    expect(await tornTo([segment], COMMIT_MARKER_BYTES, null, BOOT)).toEqual(NONE)
  })
})
