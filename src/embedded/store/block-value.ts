import type { EntryId } from '../../contract/entry-id.ts'
import { Block } from '../core/block.ts'
import { sizeOf } from '../core/block-arrays.ts'
import { type BlockSummary, DamagedBlock } from '../core/damaged-block.ts'
import { idOf, setWords } from '../core/id-words.ts'
import { firstIdOf } from './keys.ts'
import { CHECKSUM_BYTES, checksum, isSound } from './store-file.ts'

/*
 * The stored form of a block: a summary, the block, and the summary again, so that a single damaged spot
 * leaves one summary intact. Each summary has its own checksum. After all of it comes the checksum that every
 * value has.
 *
 *     | summary | count | live | ids | ends | bytes | summary |
 *
 *     summary   | magic | flags | count | live | live bytes | last id | CRC of count to ends | CRC |
 *               u32 each; the last id has four of them
 *
 * All checksums start with the key. Blocks of formats 1 and 2 have no summary. They begin with their count,
 * which is never equal to the magic number.
 */
const MAGIC = 0x3342_4557
const SUMMARY_WORDS = 11
export const SUMMARY_BYTES = 4 * SUMMARY_WORDS
const CRC_AT = SUMMARY_BYTES - 4

/** The block's fields were already damaged when it was written, because some of its entries were deleted. */
const DAMAGED = 1

interface StoredSummary extends BlockSummary {
  readonly count: number
  readonly indexCrc: number
}

/** Encodes a block. The value does not change with the block. */
export function blockValue(key: Buffer, block: Block): Buffer {
  const body = block.encode()
  const value = Buffer.allocUnsafe(2 * SUMMARY_BYTES + body.length)
  value.set(body, SUMMARY_BYTES)
  const [count = 0, live = 0] = new Uint32Array(body.buffer, body.byteOffset, 2)
  const words = new Uint32Array(SUMMARY_WORDS)
  words.set([MAGIC, block.damage === null ? 0 : DAMAGED, count, live, block.liveBytes])
  setWords(words, 5, block.lastId)
  words[9] = checksum(key, body.subarray(0, sizeOf(count, 0)))
  const summary = Buffer.from(words.buffer)
  words[10] = checksum(key, summary.subarray(0, CRC_AT))
  value.set(summary, 0)
  value.set(summary, value.length - SUMMARY_BYTES)
  return value
}

/**
 * Decodes a stored block with its checksum. If the checksum is wrong, recovers as much of the block as
 * possible. Throws a RangeError if the checksum is right but the value is not a block. `nextOf` returns the
 * first id of the block after the one with a key.
 */
export function readBlock(
  stream: string,
  key: Buffer,
  stored: Buffer,
  nextOf: (key: Buffer) => EntryId | null = () => null
): Block {
  if (isSound(key, stored)) return soundBlock(stream, stored.subarray(0, stored.length - CHECKSUM_BYTES))
  const end = stored.length - CHECKSUM_BYTES - SUMMARY_BYTES
  const [front, back] = [summaryAt(key, stored, 0), summaryAt(key, stored, end)]
  const summary = front ?? back
  if (summary === null) return new DamagedBlock(stream, firstIdOf(key), null, nextOf(key))
  if (front === null || back === null) {
    // If only the summary is damaged, nothing is lost.
    const mended = Buffer.from(stored)
    if (front === null) mended.copyWithin(0, end, end + SUMMARY_BYTES)
    else mended.copyWithin(end, 0, SUMMARY_BYTES)
    if (isSound(key, mended)) return soundBlock(stream, mended.subarray(0, mended.length - CHECKSUM_BYTES))
  }
  return (
    blockWithDamagedFields(
      stream,
      key,
      stored.subarray(SUMMARY_BYTES, Math.max(SUMMARY_BYTES, end)),
      summary
    ) ?? new DamagedBlock(stream, firstIdOf(key), summary)
  )
}

function soundBlock(stream: string, value: Buffer): Block {
  if (value.readUInt32LE(0) !== MAGIC) return Block.decode(value)
  const isDamaged = (value.readUInt32LE(4) & DAMAGED) !== 0
  return Block.decode(value.subarray(SUMMARY_BYTES, value.length - SUMMARY_BYTES), isDamaged ? stream : null)
}

/** Decodes a block whose fields alone are damaged. Null if its ids are damaged as well. */
function blockWithDamagedFields(
  stream: string,
  key: Buffer,
  body: Buffer,
  { count, indexCrc }: StoredSummary
): Block | null {
  if (checksum(key, body.subarray(0, sizeOf(count, 0))) !== indexCrc) return null
  try {
    return Block.decode(body, stream)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Null if there is no summary, or if it is damaged. */
function summaryAt(key: Buffer, stored: Buffer, at: number): StoredSummary | null {
  if (at < 0 || at + SUMMARY_BYTES > stored.length) return null
  const summary = stored.subarray(at, at + SUMMARY_BYTES)
  if (summary.readUInt32LE(0) !== MAGIC) return null
  if (checksum(key, summary.subarray(0, CRC_AT)) !== summary.readUInt32LE(CRC_AT)) return null
  const words = Uint32Array.from({ length: SUMMARY_WORDS }, (_, word) => summary.readUInt32LE(4 * word))
  const [, , count = 0, live = 0, liveBytes = 0] = words
  return { count, live, liveBytes, lastId: idOf(words, 5), indexCrc: words[9] as number }
}
