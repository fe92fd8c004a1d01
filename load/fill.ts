import { type EntryId, entryId, formatId } from '../src/contract/entry-id.ts'
import { openEmbeddedEngine } from '../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../src/embedded/options.ts'
import { fieldsOf, GROUP, STREAM } from './orders.ts'
import { count } from './results/table.ts'
import { progress } from './scenario.ts'

export const CONSUMERS = 10

const BATCH = 1000
/** How many appends are in flight at a time. */
const IN_FLIGHT = 4
const PROGRESS_ENTRIES = 1_000_000
const FIRST_MS = Date.UTC(2026, 0, 1)

/** The number of entries in a stream, and how many of the last ones are pending with the consumers of its group. */
export interface Size {
  readonly entries: number
  readonly pending: number
}

/**
 * Creates a data directory with one stream and one group of this size. Does so in this process, which takes a fraction
 * of the time that it would take over HTTP. The group has no undelivered entries.
 */
export async function fill(directory: string, { entries, pending }: Size): Promise<void> {
  const engine = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 0 })
  try {
    await append(engine, entries)
    await deliver(engine, entries, pending)
    progress(`created ${count(entries)} entries, ${count(pending)} of them pending`)
  } finally {
    await engine.close()
  }
}

/** The id of an entry that `fill` created, formatted for a request. */
export function idOf(number: number): string {
  return formatId(id(number))
}

/** The id of an entry by its number. Each millisecond has a thousand entries. */
function id(number: number): EntryId {
  return entryId(FIRST_MS + Math.floor(number / 1000), number % 1000)
}

async function append(engine: EmbeddedEngine, entries: number): Promise<void> {
  const inFlight: Promise<unknown>[] = []
  for (let from = 0; from < entries; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, entries - from) }, (_, i) => ({
      id: id(from + i),
      fields: Buffer.from(fieldsOf(from + i))
    }))
    inFlight.push(engine.appendEntries({ stream: STREAM, entries: batch, createStream: true }))
    if (inFlight.length === IN_FLIGHT) await inFlight.shift()
    if (from > 0 && from % PROGRESS_ENTRIES === 0)
      progress(`created ${count(from)} of ${count(entries)} entries`)
  }
  await Promise.all(inFlight)
}

async function deliver(engine: EmbeddedEngine, entries: number, pending: number): Promise<void> {
  const after = entries === pending ? entryId(0, 0) : id(entries - pending - 1)
  await engine.ensureGroup({
    stream: STREAM,
    group: GROUP,
    after,
    entriesRead: entries - pending,
    createStream: true,
    onlyNew: true
  })
  const { signal } = new AbortController()
  for (let left = pending, turn = 0; left > 0; left -= Math.min(left, BATCH), turn++) {
    await engine.readGroups(
      {
        group: GROUP,
        streams: [{ stream: STREAM }],
        consumer: consumer(turn),
        count: Math.min(left, BATCH),
        waitMs: 0,
        noAck: false
      },
      signal
    )
  }
}

/** The consumer of this turn. All consumers take turns. */
export function consumer(turn: number): string {
  return `consumer-${turn % CONSUMERS}`
}
