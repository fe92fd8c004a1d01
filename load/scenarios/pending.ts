import { setTimeout as sleep } from 'node:timers/promises'
import { agree, ask } from '../ask.ts'
import { consumer, fieldsOf, fill, STREAM_PATH } from '../fill.ts'
import { LeanClient } from '../lean-client.ts'
import { processMemory } from '../process-memory.ts'
import { progress, type Scenario } from '../scenario.ts'
import { type Server, startWeir, withDirectory } from '../server.ts'
import { count, printTable } from '../table.ts'

const PENDING = 1_000_000
const BATCH = 1000
const MOST_BYTES = 120
const LOOK_MS = 20

interface Used {
  /** Objects, in V8's heap. */
  readonly heap: number
  /** Flat arrays, outside of it. */
  readonly arrays: number
  readonly anonymous: number
}

/**
 * Memory before and after a group's consumers read a million entries and ack none. What is garbage cannot be told
 * from what is not, so each is measured as the least there is while small requests make the collector come round.
 */
export const pending: Scenario = {
  name: 'pending',
  about: `Memory that ${count(PENDING)} pending entries take (at most ${MOST_BYTES} bytes each)`,
  defaultSeconds: 20,
  run: ({ seconds, share }) =>
    withDirectory(async (directory) => {
      const entries = PENDING * share
      await fill(directory, { entries, pending: 0 })
      await ensureGroupAtStart(directory)
      const server = await startWeir(directory)
      const client = new LeanClient(server.port)
      try {
        const before = await leastUsed(server, client, seconds)
        await readAll(client, entries)
        const after = await leastUsed(server, client, seconds)
        print(before, after, entries)
        const { pending } = await ask(client, 'GET', READERS_PATH)
        return agree('Everything that was read is pending.', { pending }, { pending: entries })
      } finally {
        client.close()
        await server.stop()
      }
    })
}

const READERS_PATH = `${STREAM_PATH}/groups/readers`

async function ensureGroupAtStart(directory: string): Promise<void> {
  const server = await startWeir(directory)
  const client = new LeanClient(server.port)
  await ask(client, 'PUT', READERS_PATH, '{}')
  client.close()
  await server.stop()
}

async function readAll(client: LeanClient, entries: number): Promise<void> {
  for (let read = 0, turn = 0; read < entries; turn++) {
    const request = JSON.stringify({ consumer: consumer(turn), count: BATCH })
    read += (await ask(client, 'POST', `${READERS_PATH}/read`, request)).entries.length
    if (read % (100 * BATCH) === 0) progress(`${count(read)} of ${count(entries)} read`)
  }
}

async function leastUsed({ pid }: Server, client: LeanClient, seconds: number): Promise<Used> {
  const least = { heap: Infinity, arrays: Infinity, anonymous: Infinity }
  const body = `{"entries":[{"fields":${fieldsOf(0)}}]}`
  for (const endAt = performance.now() + seconds * 1000; performance.now() < endAt; await sleep(LOOK_MS)) {
    await ask(client, 'POST', `${STREAM_PATH}/entries`, body)
    const { body: metrics } = await client.send('GET', '/metrics')
    const value = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1])
    least.heap = Math.min(least.heap, value('nodejs_heap_size_used_bytes'))
    least.arrays = Math.min(least.arrays, value('nodejs_external_memory_bytes'))
    least.anonymous = Math.min(least.anonymous, (await processMemory(pid)).anonymous)
  }
  return least
}

function print(before: Used, after: Used, entries: number): void {
  const row = (name: string, from: number, to: number) => [
    name,
    ...[from, to].map((bytes) => (bytes / 1024 ** 2).toFixed(1)),
    ((to - from) / entries).toFixed(1)
  ]
  printTable(
    pending.about,
    ['', 'before, MiB', 'after, MiB', 'bytes each'],
    [
      row('heap', before.heap, after.heap),
      row('arrays outside of it', before.arrays, after.arrays),
      row('heap and arrays', before.heap + before.arrays, after.heap + after.arrays),
      row('resident, anonymous', before.anonymous, after.anonymous)
    ]
  )
}
