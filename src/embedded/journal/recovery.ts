import path from 'node:path'
import type { Change } from '../core/change.ts'
import { bootNumber } from './boot.ts'
import { damaged, refused } from './damage.ts'
import type { Files } from './files.ts'
import { replaySegment, type Stop, type Tally } from './replay.ts'
import {
  fileOffset,
  isOld,
  namedSegments,
  type OpenSegment,
  openSegment,
  renewHeader,
  type Segment,
  segmentName,
  UNFINISHED,
  writeZeros
} from './segment.ts'
import { SegmentList } from './segment-list.ts'
import { noteUnsettled, rewrite, UNSETTLED } from './settle.ts'
import { cutTail, extendToCapacity, type Torn, tornTo } from './tail.ts'

/** What a start found. */
export interface Recovery {
  /** Number of segments that were read. */
  readonly segments: number
  /** Number of records with changes, and their bytes. */
  readonly records: number
  readonly bytes: number
  /** Bytes cut from the end, where a crash left no whole record. */
  readonly cutBytes: number
  /** Absent if nothing was cut. */
  readonly cut?: Cut
}

export interface Cut {
  readonly file: string
  readonly offset: number
  /** Number of whole records with changes that were found in the cut part. */
  readonly records: number
  /**
   * Whether part of it may have been answered. It was not answered if it is the write that the end of the
   * process interrupted, or if the process answered only durable changes.
   */
  readonly mayBeAnswered: boolean
}

export interface Recovered {
  readonly segmentList: SegmentList
  /** After the last record with changes. */
  readonly position: number
  /** Up to where a commit marker states that the journal is durable. In fact all of it is durable. */
  readonly stated: number
  /** The number of the machine's boot. */
  readonly boot: number
  readonly recovery: Recovery
}

/**
 * Replays a journal and prepares it for appends:
 *
 * 1. Read the headers. Every segment begins where the previous one ends.
 * 2. Apply record after record, until none follows.
 * 3. Find out what follows instead: nothing, a torn tail, or damage. Damage ends the recovery.
 * 4. Overwrite the torn tail with zeros.
 * 5. Rewrite everything that no marker states to be durable, and sync it. It is going to be shown, but it may
 *    exist in the page cache alone, even if an earlier sync succeeded.
 * 6. Convert the segments that get more records to this version.
 *
 * Nothing is changed before step 4. After a crash from there on, the next recovery finds the same.
 */
export async function recover(
  files: Files,
  directory: string,
  from: number | undefined,
  apply: (changes: Change[]) => void
): Promise<Recovered> {
  const found = await read(files, directory, from, apply)
  const { names, unneeded, past, stop, torn, tally, boot, recovery } = found
  const wasUnsettled = names.includes(UNSETTLED)
  const isUnsettled = wasUnsettled || tally.stated < Math.max(stop.at, torn.end)
  let { open } = found
  try {
    if (isUnsettled) await noteUnsettled(files, directory)
    if (torn.end > stop.at) open = await cutTail(files, directory, open, stop.at, torn.end)
    const [tail] = open
    if (wasUnsettled && tail !== undefined) {
      await writeZeros(tail.disk, fileOffset(tail, stop.at), fileOffset(tail, tail.end))
    }
    for (const segment of open) await extendToCapacity(segment)
    await rewrite(files, past, tail, tally.stated, stop.at)
    open = await renewHeaders(open, wasUnsettled)
    await files.syncDirectory(directory)
    if (names.includes(UNFINISHED)) await files.remove(path.join(directory, UNFINISHED))
    if (isUnsettled) await files.remove(path.join(directory, UNSETTLED))
    const segmentList = new SegmentList([...unneeded, ...past], open, stop.at)
    return { segmentList, position: tally.position, stated: tally.stated, boot, recovery }
  } catch (error) {
    for (const { disk } of open) await disk.close()
    throw error
  }
}

async function renewHeaders(open: readonly OpenSegment[], all: boolean): Promise<OpenSegment[]> {
  const renewed: OpenSegment[] = []
  for (const segment of open) renewed.push(all || isOld(segment) ? await renewHeader(segment) : segment)
  return renewed
}

/** Passes the changes to `apply` and returns what `recover` would find, without changing anything. */
export async function inspect(
  files: Files,
  directory: string,
  from: number | undefined,
  apply: (changes: Change[]) => void
): Promise<Recovery> {
  const { open, recovery } = await read(files, directory, from, apply)
  for (const { disk } of open) await disk.close()
  return recovery
}

interface Found {
  /** All files in the directory. */
  readonly names: readonly string[]
  readonly unneeded: Segment[]
  readonly past: Segment[]
  readonly open: OpenSegment[]
  readonly stop: Stop
  readonly torn: Torn
  readonly tally: Tally
  readonly boot: number
  readonly recovery: Recovery
}

async function read(
  files: Files,
  directory: string,
  from: number | undefined,
  apply: (changes: Change[]) => void
): Promise<Found> {
  const names = await files.list(directory)
  const { unneeded, segments } = needed(directory, await readHeaders(files, directory, names, from), from)
  const start = from ?? segments[0]?.base ?? 0
  const tally: Tally = { records: 0, bytes: 0, position: start, stated: start, marker: null }
  const open: OpenSegment[] = []
  try {
    const { stop, past } = await replay(files, segments, start, open, tally, apply)
    const boot = bootNumber(await files.boot())
    // In an unsettled journal, what was written in this boot proves nothing.
    const torn = await tornTo(
      stop.why === 'full' ? [] : open,
      stop.at,
      tally.marker,
      names.includes(UNSETTLED) ? 0 : boot
    )
    const recovery = recoveryOf(tally, past.length + 1, open[0], stop, torn)
    return { names, unneeded, past, open, stop, torn, tally, boot, recovery }
  } catch (error) {
    for (const { disk } of open) await disk.close()
    throw error
  }
}

async function readHeaders(
  files: Files,
  directory: string,
  names: readonly string[],
  from = 0
): Promise<Segment[]> {
  const segments: Segment[] = []
  for (const { name, base, end } of namedSegments(names)) {
    const file = path.join(directory, name)
    // This segment is not read. It may exist because it could not be deleted, so it may be unreadable, too.
    if (end <= from) segments.push({ file, base, end, salt: 0, version: 0 })
    else segments.push(await readHeader(files, file))
  }
  return segments
}

async function readHeader(files: Files, file: string): Promise<Segment> {
  const { disk, ...segment } = await openSegment(files, file)
  await disk.close()
  return segment
}

/** Divides the segments at the one that contains `from`. Only the segments from there on must be complete. */
function needed(
  directory: string,
  all: readonly Segment[],
  from = all[0]?.base ?? 0
): { unneeded: Segment[]; segments: Segment[] } {
  const first = all.findLastIndex((segment) => segment.base <= from)
  const segments = first < 0 ? [] : all.slice(first)
  const isNew = all.length === 0 && from === 0
  if (!isNew && (segments.at(-1)?.end ?? -1) < from) {
    throw refused(
      `The journal in ${directory} has no segment with position ${from}, where reading must start`
    )
  }
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1]
    if (next !== undefined && next.base !== segment.end) throw missing(directory, segment.end)
  }
  return { unneeded: all.slice(0, Math.max(first, 0)), segments }
}

function missing(directory: string, base: number): Error {
  return damaged(path.join(directory, segmentName(base)), 0, 'the segment is missing')
}

/**
 * Applies the records of one segment after the other. Opens the segment where they stop, and those after it,
 * into `open`. Closes the segments before it, which are past.
 */
async function replay(
  files: Files,
  segments: readonly Segment[],
  start: number,
  open: OpenSegment[],
  tally: Tally,
  apply: (changes: Change[]) => void
): Promise<{ stop: Stop; past: Segment[] }> {
  let stop: Stop = { at: start, why: 'full' }
  const past: Segment[] = []
  for (const segment of segments) {
    const opened = { ...segment, disk: await files.open(segment.file) }
    open.push(opened)
    if (open.length > 1) continue
    stop = await replaySegment(opened, Math.max(start, segment.base), tally, apply)
    const isLast = segment === segments.at(-1)
    if (isLast && stop.why === 'end of segment') throw missing(path.dirname(segment.file), segment.end)
    if (isLast || stop.why === 'empty' || stop.why === 'broken') continue
    await opened.disk.close()
    open.pop()
    past.push(segment)
  }
  return { stop, past }
}

function recoveryOf(
  { records, bytes }: Tally,
  segments: number,
  tail: OpenSegment | undefined,
  stop: Stop,
  torn: Torn
): Recovery {
  const cutBytes = torn.end - stop.at
  const read = { segments: tail === undefined ? 0 : segments, records, bytes, cutBytes }
  if (tail === undefined || cutBytes === 0) return read
  const { mayBeAnswered } = torn
  const cut = { file: tail.file, offset: fileOffset(tail, stop.at), records: torn.records, mayBeAnswered }
  return { ...read, cut }
}
