import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { damaged, refused } from './damage.ts'
import type { Files, OpenFile } from './files.ts'
import { RECORD_ALIGN } from './record.ts'

/**
 * A segment is one file of the journal: a header, then records, then zeros. All of it is allocated before it
 * is used. Its name is its base, the position of its first record. Header, little-endian:
 *
 *     0          8         12     16     24        32      36                                4096
 *     ├─ "WEIRJNL\n" ┼ version ┼ CRC ┼ base ┼ capacity ┼ salt ┼─ zeros ───────────────────────┤
 *
 * The CRC covers base, capacity and salt, and from format 3 on the version as well: it starts from the version. The header has its own page, so writing records cannot tear it.
 * Before a newer Weir adds records, it overwrites an older version with its own, which is smaller than a
 * sector.
 */
export interface Segment {
  readonly file: string
  readonly base: number
  /** The base of the next segment. */
  readonly end: number
  /** A random number, so that bytes of another file never look like a record of this one. */
  readonly salt: number
  /** The format in its header. */
  readonly version: number
}

export interface OpenSegment extends Segment {
  readonly disk: OpenFile
}

const MAGIC = Buffer.from('WEIRJNL\n')
/** In version 1, commit markers have no signature. Version 3 has changes of delivery policies. */
const VERSION = 3
/** From this version on, the CRC of the header starts from the version. */
const SEEDED_VERSION = 3
export const HEADER_BYTES = 4096
const CRC_AT = 12
const CRC_FROM = 16
const CRC_TO = 36

const SUFFIX = '.journal'
/** A file of this name is being created, and contains no records yet. */
export const UNFINISHED = `unfinished${SUFFIX}`
/** Enough for 2^53. */
const NAME_DIGITS = 16

/**
 * Zeros are written and synced in pieces of this size. A sync of any file waits for everything the disk has
 * accepted, so a flush in between may wait for a whole piece.
 */
const ZEROS = Buffer.alloc(256 << 10)

export function segmentName(base: number): string {
  return String(base).padStart(NAME_DIGITS, '0') + SUFFIX
}

export function isSegmentName(name: string): boolean {
  return name.endsWith(SUFFIX) && name !== UNFINISHED
}

/**
 * Finds the segments among these files, in order, with the bounds in their names. The end of the last one is
 * infinite.
 */
export function namedSegments(names: readonly string[]): { name: string; base: number; end: number }[] {
  const sorted = names.filter(isSegmentName).sort()
  return sorted.map((name, i) => ({ name, base: namedBase(name), end: namedBase(sorted[i + 1]) }))
}

function namedBase(name: string | undefined): number {
  const base = Number.parseInt(name ?? '', 10)
  return Number.isNaN(base) ? Number.POSITIVE_INFINITY : base
}

/** Returns the offset of a position in the segment's file. */
export function fileOffset(segment: Segment, position: number): number {
  return HEADER_BYTES + position - segment.base
}

/** Writes zeros and makes them durable, piece by piece. Calls `pause` before each piece; it may throw. */
export async function writeZeros(
  disk: OpenFile,
  from: number,
  to: number,
  pause?: (writtenBytes: number) => Promise<void>
): Promise<void> {
  for (let at = from; at < to; at += ZEROS.length) {
    await pause?.(at - from)
    await disk.write(ZEROS.subarray(0, Math.min(ZEROS.length, to - at)), at)
    await disk.sync()
  }
}

/**
 * Creates a segment. The file gets its name only when all its space is on disk, so a file with a segment's
 * name is complete. On failure it leaves no file behind.
 */
export async function createSegment(
  files: Files,
  directory: string,
  range: { base: number; capacityBytes: number },
  pause: (writtenBytes: number) => Promise<void>
): Promise<OpenSegment> {
  const salt = randomBytes(4).readUInt32LE()
  const end = range.base + range.capacityBytes
  const segment = {
    file: path.join(directory, segmentName(range.base)),
    base: range.base,
    end,
    salt,
    version: VERSION
  }
  const unfinished = path.join(directory, UNFINISHED)
  const disk = await files.create(unfinished)
  let named = unfinished
  try {
    await disk.write(headerOf(segment), 0)
    await writeZeros(disk, HEADER_BYTES, fileOffset(segment, end), pause)
    await files.rename(unfinished, segment.file)
    named = segment.file
    await files.syncDirectory(directory)
  } catch (error) {
    await disk.close()
    // If this fails too, the file is removed when the next segment is created or the journal is opened again.
    await files.remove(named).catch(() => undefined)
    throw error
  }
  return { ...segment, disk }
}

/**
 * Converts a segment to this version before anything of this version is written to it. An older Weir then
 * refuses it.
 */
export async function renewHeader(segment: OpenSegment): Promise<OpenSegment> {
  await segment.disk.write(headerOf(segment), 0)
  await segment.disk.sync()
  return { ...segment, version: VERSION }
}

export function isOld({ version }: Segment): boolean {
  return version < VERSION
}

function headerOf({ base, end, salt }: Omit<Segment, 'version'>): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt32LE(VERSION, 8)
  header.writeBigUInt64LE(BigInt(base), 16)
  header.writeBigUInt64LE(BigInt(end - base), 24)
  header.writeUInt32LE(salt, 32)
  header.writeUInt32LE(headerCrc(header, VERSION), CRC_AT)
  return header
}

function headerCrc(header: Buffer, version: number): number {
  return crc32(header.subarray(CRC_FROM, CRC_TO), version < SEEDED_VERSION ? 0 : version)
}

/**
 * Opens a segment and reads its header. Refuses a segment that is damaged, misnamed, or of an unknown format.
 */
export async function openSegment(files: Files, file: string): Promise<OpenSegment> {
  const disk = await files.open(file)
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    const bytesRead = await disk.read(header, 0)
    return { file, disk, ...readHeader(file, header.subarray(0, bytesRead)) }
  } catch (error) {
    await disk.close()
    throw error
  }
}

function readHeader(file: string, header: Buffer): Omit<Segment, 'file'> {
  if (header.length < HEADER_BYTES) throw damaged(file, header.length, 'the file ends within its header')
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(file, 0, 'this is not a journal segment')
  const version = header.readUInt32LE(8)
  if (version > VERSION) {
    throw refused(
      `${file} has journal format ${version}, but this version of Weir only reads formats up to ${VERSION}: ` +
        'start the newer Weir that wrote it'
    )
  }
  if (version < 1 || headerCrc(header, version) !== header.readUInt32LE(CRC_AT))
    throw damaged(file, 8, 'the header is damaged')
  const base = Number(header.readBigUInt64LE(16))
  const end = base + Number(header.readBigUInt64LE(24))
  if (path.basename(file) !== segmentName(base))
    throw damaged(file, 16, `the file's name should be ${segmentName(base)}`)
  if (base % RECORD_ALIGN !== 0 || end % RECORD_ALIGN !== 0)
    throw damaged(file, 16, 'the header is inconsistent')
  return { base, end, salt: header.readUInt32LE(32), version }
}
