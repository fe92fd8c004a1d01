import { entryId } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import type { Journal } from '../../src/embedded/journal/journal.ts'
import { recordBytes } from '../../src/embedded/journal/record.ts'

/** The nth record of a series. All of them differ, and their sizes vary. */
export function nth(n: number): Change[] {
  const fields = Buffer.from(JSON.stringify({ order: String(n).repeat((n % 7) + 1) }))
  return [{ kind: 'appended', stream: 'orders', entries: [{ id: entryId(1000, n), fields }] }]
}

/** The records from the first to the last, both inclusive. */
export function series(first: number, last: number): Change[][] {
  return Array.from({ length: last - first + 1 }, (_, i) => nth(first + i))
}

/** Appends a record as an engine does, after waiting for room. Returns the position after it. */
export async function append(journal: Journal, changes: Change[]): Promise<number> {
  const bytes = recordBytes(changes)
  while (!journal.hasRoom(bytes, false)) await journal.room(bytes, false)
  return journal.append(changes)
}

/** Appends records one after the other, each in a flush of its own. Returns the position after each. */
export async function keepEach(journal: Journal, records: readonly Change[][]): Promise<number[]> {
  const positions: number[] = []
  for (const record of records) {
    positions.push(await append(journal, record))
    await journal.kept(journal.position)
  }
  return positions
}
