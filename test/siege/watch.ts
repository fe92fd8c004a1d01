import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../../load/clients/lean-client.ts'
import { Latencies } from '../../load/percentiles.ts'
import { processMemory } from '../../load/process-memory.ts'
import { type Besieged, LIMITS } from './besieged.ts'

const MEMORY_EVERY_MS = 50
const METRICS_EVERY_MS = 500
const LIVE_EVERY_MS = 50
const MIB = 1024 ** 2

/** What the README states that a Weir takes for each of them, in bytes ("What it needs"). */
const COSTS: Readonly<Record<string, number>> = {
  weir_connections: 4 * 1024,
  weir_readers_waiting: 12 * 1024,
  weir_waiting_places: 256,
  weir_pending_entries: 120,
  weir_streams: 1024,
  weir_groups: 4096,
  // Their names are as long as they may be.
  weir_consumers: 1536
}

/** What was seen of the besieged process. */
export interface Seen {
  readonly peakBytes: number
  /** What it took when it came closest to what it might take, and what that was. */
  readonly closest: { readonly bytes: number; readonly bound: number }
  readonly liveMs: { readonly p50: number; readonly p99: number; readonly longest: number }
  /** The highest value of each metric that counts for the bound. */
  readonly highest: Readonly<Record<string, number>>
}

/** Watches memory, metrics and liveness until `stop` is called. */
export function watch({ port, pid, tokens }: Besieged) {
  const highest: Record<string, number> = Object.fromEntries(Object.keys(COSTS).map((name) => [name, 0]))
  const live = new Latencies()
  let peakBytes = 0
  let recentBytes = 0
  let worst = { bytes: 0, bound: Number.POSITIVE_INFINITY }
  let isOver = false

  const boundBytes = (): number => {
    const program = LIMITS.memoryBytes * 1.2 + 96 * MIB + LIMITS.bufferedBytes
    return Object.entries(COSTS).reduce((sum, [name, cost]) => sum + cost * (highest[name] ?? 0), program)
  }
  const watchMemory = async (): Promise<void> => {
    for (; !isOver; await sleep(MEMORY_EVERY_MS)) {
      const { anonymous } = await processMemory(pid)
      recentBytes = Math.max(recentBytes, anonymous)
      peakBytes = Math.max(peakBytes, anonymous)
    }
  }
  /** What came up since the last look counts for the memory that was taken in the meantime. */
  const watchMetrics = async (): Promise<void> => {
    const client = new LeanClient(port, { headers: { authorization: `Bearer ${tokens.watcher}` } })
    for (; !isOver; await sleep(METRICS_EVERY_MS)) {
      const answer = await client.send('GET', '/metrics').catch(() => undefined)
      if (answer?.status !== 200) continue
      for (const name of Object.keys(COSTS)) {
        const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(answer.body)?.[1]
        if (value === undefined) throw new Error(`/metrics has no ${name}`)
        highest[name] = Math.max(highest[name] ?? 0, Number(value))
      }
      const bound = boundBytes()
      if (recentBytes - bound > worst.bytes - worst.bound) worst = { bytes: recentBytes, bound }
      recentBytes = 0
    }
    client.close()
  }
  const watchLiveness = async (): Promise<void> => {
    const client = new LeanClient(port)
    for (; !isOver; await sleep(LIVE_EVERY_MS)) {
      const sentAt = performance.now()
      await client.send('GET', '/livez').catch(() => undefined)
      live.add(performance.now() - sentAt)
    }
    client.close()
  }
  const watching = Promise.all([watchMemory(), watchMetrics(), watchLiveness()])
  return {
    async stop(): Promise<Seen> {
      isOver = true
      await watching
      const [p50 = 0, p99 = 0, longest = 0] = live.percentiles([50, 99, 100])
      return { peakBytes, closest: worst, liveMs: { p50, p99, longest }, highest }
    }
  }
}
