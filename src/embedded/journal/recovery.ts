import path from 'node:path'
import type { Change } from '../core/change.ts'
import { Chain } from './chain.ts'
import { damaged, refused } from './damage.ts'
import type { Files } from './files.ts'
import type { Recovery } from './journal.ts'
import { replaySegment, type Stop, type Tally } from './replay.ts'
import {
  fileOffset,
  namedSegments,
  type OpenSegment,
  openSegment,
  type Segment,
  segmentName,
  UNFINISHED
} from './segment.ts'
import { cutTail, fillUp, tornTo } from './tail.ts'

export interface Recovered {
  readonly chain: Chain
  /** After the last record of changes. */
  readonly position: number
  /** Up to where a mark in the journal states that it is durable. All of it is. */
  readonly stated: number
  readonly recovery: Recovery
}

/**
 * Replays a journal and makes it ready to be appended to:
 *
 * 1. read the headers: every segment begins where the one before ends;
 * 2. apply record after record, until there is none;
 * 3. find out what stands there instead: nothing, a torn tail, or damage, with which this ends;
 * 4. make zeros of the torn tail;
 * 5. sync, the directory too: what was applied is going to be shown, and the page cache may be all that has it.
 *
 * Until the third is done nothing is changed, and a crash after that finds the same when it comes here again.
 */
export async function recover(
  files: Files,
  directory: string,
  from: number | undefined,
  apply: (changes: Change[]) => void
): Promise<Recovered> {
  const found = await read(files, directory, from, apply)
  const { names, unneeded, past, stop, tornEnd, tally, recovery } = found
  let { open } = found
  try {
    if (tornEnd > stop.at) open = await cutTail(files, directory, open, stop.at, tornEnd)
    for (const segment of open) await fillUp(segment)
    await syncRead(files, past, open, tally.stated)
    await files.syncDirectory(directory)
    if (names.includes(UNFINISHED)) await files.remove(path.join(directory, UNFINISHED))
    const chain = new Chain([...unneeded, ...past], open, stop.at)
    return { chain, position: tally.position, stated: tally.stated, recovery }
  } catch (error) {
    for (const { disk } of open) await disk.close()
    throw error
  }
}

/** Tells what `recover` would find, having given it to `apply`, and changes nothing. */
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
  /** Of all files in the directory. */
  readonly names: readonly string[]
  readonly unneeded: Segment[]
  readonly past: Segment[]
  readonly open: OpenSegment[]
  readonly stop: Stop
  /** Where the torn tail ends; where it stops when there is none. */
  readonly tornEnd: number
  readonly tally: Tally
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
  const tally: Tally = { records: 0, bytes: 0, position: start, stated: start }
  const open: OpenSegment[] = []
  try {
    const { stop, past } = await replay(files, segments, start, open, tally, apply)
    const tornEnd = stop.why === 'full' ? stop.at : await tornTo(open, stop.at)
    const recovery = recoveryOf(tally, past.length + 1, open[0], stop, tornEnd)
    return { names, unneeded, past, open, stop, tornEnd, tally, recovery }
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
    // One that is not read, and is there because it could not be deleted, may be unreadable as well.
    if (end <= from) segments.push({ file, base, end, salt: 0 })
    else segments.push(await readHeader(files, file))
  }
  return segments
}

async function readHeader(files: Files, file: string): Promise<Segment> {
  const { disk, ...segment } = await openSegment(files, file)
  await disk.close()
  return segment
}

/** Divides the segments at the one that has `from`. Only those from there on must all be there. */
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
      `The journal in ${directory} has no segment with position ${from}, from which it is to be read`
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
 * Applies the records of one segment after the other. Opens the one where they stop, and those that follow it, into
 * `open`; closes those before, the past ones.
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
    if (isLast && stop.why === 'sealed') throw missing(path.dirname(segment.file), segment.end)
    if (isLast || stop.why === 'empty' || stop.why === 'broken') continue
    await opened.disk.close()
    open.pop()
    past.push(segment)
  }
  return { stop, past }
}

/** Makes durable what was read and may not be: all of it up to `stated` is. */
async function syncRead(
  files: Files,
  past: readonly Segment[],
  open: readonly OpenSegment[],
  stated: number
): Promise<void> {
  for (const segment of past.filter(({ end }) => end > stated)) {
    const disk = await files.open(segment.file)
    await disk.sync().finally(() => disk.close())
  }
  await open[0]?.disk.sync()
}

function recoveryOf(
  tally: Tally,
  segments: number,
  tail: OpenSegment | undefined,
  stop: Stop,
  tornEnd: number
): Recovery {
  const { records, bytes } = tally
  const read = { segments: tail === undefined ? 0 : segments, records, bytes, cutBytes: tornEnd - stop.at }
  if (tail === undefined || tornEnd === stop.at) return read
  return { ...read, cutAt: { file: tail.file, offset: fileOffset(tail, stop.at) } }
}
