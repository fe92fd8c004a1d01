import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../clients/lean-client.ts'
import { consumer, fill } from '../fill.ts'
import { appendBody, STREAM_PATH } from '../orders.ts'
import { processMemory } from '../process-memory.ts'
import { withDirectory } from '../program.ts'
import { requestJson } from '../request-json.ts'
import { count, mib } from '../results/table.ts'
import { progress, type Scenario } from '../scenario.ts'
import { type Server, startWeir, type WeirOptions } from '../server.ts'
import { verify } from '../verify.ts'

const PENDING = 1_000_000
const BATCH = 1000
const MAX_BYTES = 120
const POLL_MS = 20

interface Used {
  /** V8's heap, which holds objects. */
  readonly heap: number
  /** Flat arrays, which are outside the heap. */
  readonly arrays: number
  readonly anonymous: number
}

/**
 * Measures the memory before and after a group's consumers read a million entries and ack none. Memory in use includes
 * garbage. So each figure is the minimum over some time, in which small requests make the garbage collector run.
 */
export const pending: Scenario = {
  name: 'pending',
  about: `memory of ${count(PENDING)} pending entries`,
  defaultSeconds: 20,
  contenders: ['weir'],
  embeddedOnly: true,
  rows: {
    used: {
      question: `L7 memory per pending entry, with ${count(PENDING)} of them: heap and arrays, bytes`,
      show: (bytes) => bytes.toFixed(1),
      value: { atMost: MAX_BYTES }
    },
    resident: { question: 'the same as reported by the kernel, bytes', show: (bytes) => bytes.toFixed(1) }
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
        const before = await minimumUsed(server, client, seconds)
        await readAll(client, entries)
        const after = await minimumUsed(server, client, seconds)
        const group = await requestJson(client, 'GET', READERS_PATH)
        verify('all entries that were read are pending.', { pending: group.pending }, { pending: entries })
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
  const growth = (name: keyof Used) => `${mib(before[name])} to ${mib(after[name])} MiB`
  return `pending: heap ${growth('heap')}, arrays outside the heap ${growth('arrays')}, private memory ${growth('anonymous')}`
}

const READERS_PATH = `${STREAM_PATH}/groups/readers`

/** Creates the group at the start of the stream, with a Weir that ends before the measurement. */
async function ensureGroupAtStart(options: WeirOptions): Promise<void> {
  const server = await startWeir(options)
  const client = new LeanClient(server.port)
  await requestJson(client, 'PUT', READERS_PATH, '{}')
  client.close()
  await server.stop()
}

async function readAll(client: LeanClient, entries: number): Promise<void> {
  for (let read = 0, turn = 0; read < entries; turn++) {
    const request = JSON.stringify({ consumer: consumer(turn), count: BATCH })
    read += (await requestJson(client, 'POST', `${READERS_PATH}/read`, request)).entries.length
    if (read % (100 * BATCH) === 0) progress(`${count(read)} of ${count(entries)} read`)
  }
}

async function minimumUsed({ pid }: Server, client: LeanClient, seconds: number): Promise<Used> {
  const minimum = { heap: Infinity, arrays: Infinity, anonymous: Infinity }
  const body = appendBody(0, 1)
  for (const endAt = performance.now() + seconds * 1000; performance.now() < endAt; await sleep(POLL_MS)) {
    await requestJson(client, 'POST', `${STREAM_PATH}/entries`, body)
    const { body: metrics } = await client.send('GET', '/metrics')
    const value = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1])
    minimum.heap = Math.min(minimum.heap, value('nodejs_heap_size_used_bytes'))
    minimum.arrays = Math.min(minimum.arrays, value('nodejs_external_memory_bytes'))
    minimum.anonymous = Math.min(minimum.anonymous, (await processMemory(pid)).anonymous)
  }
  return minimum
}
