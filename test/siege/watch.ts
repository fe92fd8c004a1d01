import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../../load/clients/lean-client.ts'
import { Latencies } from '../../load/percentiles.ts'
import { processMemory } from '../../load/process-memory.ts'
import { type Besieged, LIMITS } from './besieged.ts'

const MEMORY_EVERY_MS = 50
const METRICS_EVERY_MS = 500
const LIVE_EVERY_MS = 50
const MIB = 1024 ** 2

/** How many bytes one of each may take. The figure for a waiting place includes the reader and its connection. */
const LIMIT_COSTS: Readonly<Record<string, number>> = {
  weir_connections: 4 * 1024,
  weir_waiting_places: 16 * 1024,
  weir_pending_entries: 120,
  weir_streams: 1024,
  weir_groups: 4096,
  // Their names have the maximum length.
  weir_consumers: 1536
}

/** The same by the table in docs/operating.md, "What it needs". There, a reader at a thousand places is one reader. */
const STATED_COSTS: Readonly<Record<string, number>> = {
  ...LIMIT_COSTS,
  weir_readers_waiting: 12 * 1024,
  weir_waiting_places: 256
}

/** The memory of the process, and its bound at that time. */
export interface Closest {
  readonly bytes: number
  readonly bound: number
}

/** The measurements of the besieged process. */
export interface Measurements {
  readonly peakBytes: number
  /** When the process came closest to its limit, and to what docs/operating.md states. */
  readonly closest: { readonly limit: Closest; readonly stated: Closest }
  readonly liveMs: { readonly p50: number; readonly p99: number; readonly longest: number }
  /** The highest value of each metric that counts for the bound. */
  readonly highest: Readonly<Record<string, number>>
}

const NAMES = Object.keys(STATED_COSTS)
const NEVER: Closest = { bytes: 0, bound: Number.POSITIVE_INFINITY }

/** Watches memory, metrics and liveness until `stop` is called. */
export function watch({ port, pid, tokens }: Besieged) {
  const highest: Record<string, number> = Object.fromEntries(NAMES.map((name) => [name, 0]))
  const live = new Latencies()
  let peakBytes = 0
  let recentBytes = 0
  const closest = { limit: NEVER, stated: NEVER }
  let isOver = false

  const closer = (before: Closest, costs: Readonly<Record<string, number>>): Closest => {
    const program = LIMITS.memoryBytes * 1.2 + 96 * MIB + LIMITS.bufferedBytes
    const bound = Object.entries(costs).reduce(
      (sum, [name, cost]) => sum + cost * (highest[name] ?? 0),
      program
    )
    return recentBytes - bound > before.bytes - before.bound ? { bytes: recentBytes, bound } : before
  }
  const watchMemory = async (): Promise<void> => {
    for (; !isOver; await sleep(MEMORY_EVERY_MS)) {
      const { anonymous } = await processMemory(pid)
      recentBytes = Math.max(recentBytes, anonymous)
      peakBytes = Math.max(peakBytes, anonymous)
    }
  }
  /** Compares the memory since the last poll with the bound, which includes the counts of this poll. */
  const watchMetrics = async (): Promise<void> => {
    const client = new LeanClient(port, { headers: { authorization: `Bearer ${tokens.watcher}` } })
    for (; !isOver; await sleep(METRICS_EVERY_MS)) {
      const answer = await client.send('GET', '/metrics').catch(() => undefined)
      if (answer?.status !== 200) continue
      for (const name of NAMES) {
        const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(answer.body)?.[1]
        if (value === undefined) throw new Error(`/metrics has no ${name}`)
        highest[name] = Math.max(highest[name] ?? 0, Number(value))
      }
      closest.limit = closer(closest.limit, LIMIT_COSTS)
      closest.stated = closer(closest.stated, STATED_COSTS)
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
    async stop(): Promise<Measurements> {
      isOver = true
      await watching
      const [p50 = 0, p99 = 0, longest = 0] = live.percentiles([50, 99, 100])
      return { peakBytes, closest, liveMs: { p50, p99, longest }, highest }
    }
  }
}
