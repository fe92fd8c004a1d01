import { type EntryId, entryId, formatId } from '../src/contract/entry-id.ts'
import { type EmbeddedEngine, openEmbeddedEngine } from '../src/embedded/engine.ts'
import { fieldsOf, GROUP, STREAM } from './orders.ts'
import { count } from './results/table.ts'
import { progress } from './scenario.ts'

export const CONSUMERS = 10

const BATCH = 1000
/** Batches on their way at a time. */
const AHEAD = 4
const PROGRESS_ENTRIES = 1_000_000
const FIRST_MS = Date.UTC(2026, 0, 1)

/** How much there is in a stream, and how much of the end of it is pending with the consumers of its group. */
export interface Size {
  readonly entries: number
  readonly pending: number
}

/**
 * Makes a data directory with one stream and one group of this size, in this process, which takes a fraction of what
 * it takes over HTTP. What comes after the pending entries is for the group's readers.
 */
export async function fill(directory: string, { entries, pending }: Size): Promise<void> {
  const engine = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 0 })
  try {
    await append(engine, entries)
    await deliver(engine, entries, pending)
    progress(`made ${count(entries)} entries, ${count(pending)} of them pending`)
  } finally {
    await engine.close()
  }
}

/** The id of an entry that `fill` made, as a request has it. */
export function idOf(number: number): string {
  return formatId(id(number))
}

/** A thousand a millisecond, each with the number it has in the stream. */
function id(number: number): EntryId {
  return entryId(FIRST_MS + Math.floor(number / 1000), number % 1000)
}

async function append(engine: EmbeddedEngine, entries: number): Promise<void> {
  const onTheirWay: Promise<unknown>[] = []
  for (let from = 0; from < entries; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, entries - from) }, (_, i) => ({
      id: id(from + i),
      fields: Buffer.from(fieldsOf(from + i))
    }))
    onTheirWay.push(engine.appendEntries({ stream: STREAM, entries: batch, createStream: true }))
    if (onTheirWay.length === AHEAD) await onTheirWay.shift()
    if (from > 0 && from % PROGRESS_ENTRIES === 0)
      progress(`made ${count(from)} of ${count(entries)} entries`)
  }
  await Promise.all(onTheirWay)
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

/** The consumer whose turn it is. */
export function consumer(turn: number): string {
  return `consumer-${turn % CONSUMERS}`
}
