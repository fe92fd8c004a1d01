import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Change } from '../../src/embedded/core/change.ts'
import { Journal } from '../../src/embedded/journal/journal.ts'
import type { JournalOptions } from '../../src/embedded/journal/options.ts'
import type { Recovery } from '../../src/embedded/journal/recovery.ts'
import { HEADER_BYTES, isSegmentName } from '../../src/embedded/journal/segment.ts'
import { unsyncedFiles } from './watched-files.ts'
import { temporaryDirectory } from './weir.ts'

/** Segments so small that a few records fill several. */
export const SMALL = { segmentBytes: HEADER_BYTES + 1024, reserveBytes: 0 }

export interface Opened {
  readonly directory: string
  readonly journal: Journal
  readonly recovery: Recovery
  /** The changes of each record that the recovery applied. */
  readonly replayed: Change[][]
}

/** Opens a journal. It is closed when the test is over, unless the test closes it. */
export async function open(options: Partial<JournalOptions> & { directory: string }): Promise<Opened> {
  const replayed: Change[][] = []
  const opened = await Journal.open({ fsync: 'always', ...SMALL, ...options }, (changes) =>
    replayed.push(changes)
  )
  onTestFinished(() => opened.journal.close().catch(() => undefined))
  return { ...opened, directory: options.directory, replayed }
}

/** The same without waiting for the disk, for tests that check only how bytes are read. */
export function openUnsynced(options: Parameters<typeof open>[0]): Promise<Opened> {
  return open({ files: unsyncedFiles, ...options })
}

/** The segments of a journal as a crash would leave them now, whether the journal is open or not. */
export async function snapshot(directory: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(directory)).filter(isSegmentName).sort()
  const files = new Map<string, Buffer>()
  for (const name of names) files.set(name, await readFile(join(directory, name)))
  return files
}

/** A new directory with these files. */
export async function restored(files: ReadonlyMap<string, Buffer>): Promise<string> {
  const directory = await temporaryDirectory()
  for (const [name, bytes] of files) await writeFile(join(directory, name), bytes)
  return directory
}

/** A copy of the files with one of them changed. `change` may modify its argument. */
export function changed(
  files: ReadonlyMap<string, Buffer>,
  name: string,
  change: (bytes: Buffer) => Buffer
): Map<string, Buffer> {
  return new Map(files).set(name, change(Buffer.from(files.get(name) ?? [])))
}

/** A hash of the names and contents of the files. */
export function digest(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash('sha256')
  for (const [name, bytes] of files) hash.update(name).update(bytes)
  return hash.digest('hex')
}
