import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../clients/lean-client.ts'
import { consumer, fill } from '../fill.ts'
import { appendBody, STREAM_PATH } from '../orders.ts'
import { processMemory } from '../process-memory.ts'
import { withDirectory } from '../program.ts'
import { ask, mustAgree } from '../request.ts'
import { count, mib } from '../results/table.ts'
import { progress, type Scenario } from '../scenario.ts'
import { type Server, startWeir, type WeirOptions } from '../server.ts'

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
  about: `memory that ${count(PENDING)} pending entries take`,
  defaultSeconds: 20,
  contenders: ['weir'],
  embeddedOnly: true,
  rows: {
    used: {
      question: `L7 memory of a pending entry, of ${count(PENDING)}: heap and arrays, bytes`,
      show: (bytes) => bytes.toFixed(1),
      value: { atMost: MOST_BYTES }
    },
    resident: { question: 'the same as the kernel counts it, bytes', show: (bytes) => bytes.toFixed(1) }
  },
  measure: ({ seconds, share, weir }) =>
    withDirectory(async (directory) => {
      const entries = PENDING * share
      await fill(directory, { entries, pending: 0 })
      const options = { ...weir, dataDirectory: directory }
      await ensureGroupAtStart(options)
      const server = await startWeir(options)
      const client = new LeanClient(server.port)
      try {
        const before = await leastUsed(server, client, seconds)
        await readAll(client, entries)
        const after = await leastUsed(server, client, seconds)
        const found = await ask(client, 'GET', READERS_PATH)
        mustAgree('everything that was read is pending.', { pending: found.pending }, { pending: entries })
        const used = (after.heap + after.arrays - before.heap - before.arrays) / entries
        const resident = (after.anonymous - before.anonymous) / entries
        return {
          figures: { used: { weir: used }, resident: { weir: resident } },
          notes: [noteOf(before, after)]
        }
      } finally {
        client.close()
        await server.stop()
      }
    })
}

function noteOf(before: Used, after: Used): string {
  const grown = (name: keyof Used) => `${mib(before[name])} to ${mib(after[name])} MiB`
  return `pending: heap ${grown('heap')}, arrays outside of it ${grown('arrays')}, resident ${grown('anonymous')}`
}

const READERS_PATH = `${STREAM_PATH}/groups/readers`

async function ensureGroupAtStart(options: WeirOptions): Promise<void> {
  const server = await startWeir(options)
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
  const body = appendBody(0, 1)
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
