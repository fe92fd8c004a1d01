import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { NackOutcome } from './contract/pending.ts'
import type { EngineStatus } from './contract/status.ts'
import { StatusGauges } from './status-gauges.ts'

/** An engine whose status is read at each scrape. */
export interface StatusSource {
  status(maxGroups: number): Promise<EngineStatus>
}

/** The requests and bytes that the server has accepted and not finished with. */
export interface LoadSource {
  readonly inFlight: number
  readonly bufferedBytes: number
}

/** The connections of the server. */
export interface ConnectionsSource {
  readonly open: number
  readonly refused: number
}

/** What Weir counts and measures. Call a method when the event that it is named after has happened. */
export interface Metrics {
  /** A request was answered. Counts, latencies and statuses of requests come from this. */
  answered(answer: { operation: string; status: number; seconds: number }): void
  /** A request was refused, whether the client or the server caused it. */
  refused(code: string): void
  appended(entries: number): void
  delivered(entries: number): void
  /** Entries were delivered that had been delivered before. They also count as delivered. */
  redelivered(entries: number): void
  acked(entries: number): void
  nacked(outcome: NackOutcome, entries: number): void
  extended(entries: number): void
  /** A delivery was undone because its consumer hung up before reading it. */
  undone(): void
  /** The journal wrote and synced its buffer. */
  flushed(flush: { seconds: number; bytes: number }): void
  /** A checkpoint moved the journal's changes to the store, or failed with an error. */
  checkpointed(checkpoint: { seconds: number; sliceSeconds: readonly number[]; error?: Error }): void
  /** From now on the metrics include the status of this engine. */
  watch(engine: StatusSource): void
  /** The same for the load of a server. */
  watchLoad(load: LoadSource): void
  /** The same for its connections. */
  watchConnections(connections: ConnectionsSource): void
  /**
   * Shows these codes with 0 until the first refusal: `rate` counts an increase, but not a series that
   * appears.
   */
  watchRefusals(codes: readonly string[]): void
  /** All metrics in the Prometheus text format. */
  text(): Promise<string>
  readonly contentType: string
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const NACK_OUTCOMES: readonly NackOutcome[] = ['retry', 'release', 'reject']
const BYTES = [1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216]

/**
 * Creates the metrics. Only the first `maxGroups` groups, in the order of their names, have series of their
 * own, so that a scrape stays small. `ofProcess` adds the metrics of the process, once per process.
 */
export function createMetrics({ maxGroups = 1000, ofProcess = true } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  // It observes the process forever, so a second registry would never be garbage collected.
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const requests = new RequestDurations()
  const refusals = new Counter({
    name: 'weir_refusals_total',
    help: 'Refused requests, by problem code.',
    labelNames: ['code'],
    registers
  })
  const count = (name: string, help: string) => new Count(name, help, registry)
  const appended = count('weir_entries_appended_total', 'Entries appended to streams.')
  const delivered = count('weir_entries_delivered_total', 'Entries delivered to consumers of groups.')
  const redelivered = count(
    'weir_entries_redelivered_total',
    'Entries delivered to consumers of groups that had been delivered before.'
  )
  const acked = count('weir_entries_acked_total', 'Entries acked by consumers of groups.')
  const extended = count('weir_entries_extended_total', 'Entries extended by their consumers.')
  const nacked = new Counter({
    name: 'weir_entries_nacked_total',
    help: 'Entries nacked by consumers of groups, by outcome.',
    labelNames: ['outcome'],
    registers
  })
  for (const outcome of NACK_OUTCOMES) nacked.inc({ outcome }, 0)
  const undone = count('weir_deliveries_undone_total', 'Deliveries undone because the consumer disconnected.')
  const flushes = new Histogram({
    name: 'weir_journal_flush_seconds',
    help: 'Time to write and sync a flush of the journal.',
    buckets: SECONDS,
    registers
  })
  const flushSizes = new Histogram({
    name: 'weir_journal_flush_bytes',
    help: 'Bytes written to disk in one flush of the journal.',
    buckets: BYTES,
    registers
  })
  const checkpoints = new Histogram({
    name: 'weir_checkpoint_seconds',
    help: 'Time to move changes from the journal to the store, in the background.',
    buckets: SECONDS,
    registers
  })
  const slices = new Histogram({
    name: 'weir_checkpoint_slice_seconds',
    help: 'Time that a slice of a checkpoint blocked the event loop.',
    buckets: SECONDS,
    registers
  })
  const statusGauges = new StatusGauges(registry, maxGroups)
  let source: StatusSource | undefined
  const checkpointFailures = count('weir_checkpoint_failures_total', 'Checkpoints that failed.')
  return {
    answered: ({ operation, status, seconds }) => requests.observe(operation, status, seconds),
    refused: (code) => refusals.inc({ code }),
    appended: (entries) => appended.inc(entries),
    delivered: (entries) => delivered.inc(entries),
    redelivered: (entries) => redelivered.inc(entries),
    acked: (entries) => acked.inc(entries),
    nacked: (outcome, entries) => nacked.inc({ outcome }, entries),
    extended: (entries) => extended.inc(entries),
    undone: () => undone.inc(),
    flushed({ seconds, bytes }) {
      flushes.observe(seconds)
      flushSizes.observe(bytes)
    },
    checkpointed({ seconds, sliceSeconds, error }) {
      for (const slice of sliceSeconds) slices.observe(slice)
      if (error === undefined) checkpoints.observe(seconds)
      else checkpointFailures.inc()
    },
    watch(engine) {
      source = engine
    },
    watchLoad: (load) => watchLoad(registry, load),
    watchConnections: (connections) => watchConnections(registry, connections),
    watchRefusals(codes) {
      for (const code of codes) refusals.inc({ code }, 0)
    },
    async text() {
      if (source !== undefined) statusGauges.show(await source.status(maxGroups))
      return `${await registry.metrics()}\n${requests.text()}`
    },
    contentType: registry.contentType
  }
}

/** A gauge whose value is read at each scrape. */
function watchNumber(registry: Registry, name: string, help: string, value: () => number): void {
  const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(value()) })
}

function watchLoad(registry: Registry, load: LoadSource): void {
  watchNumber(registry, 'weir_requests_in_flight', 'Requests in progress.', () => load.inFlight)
  watchNumber(
    registry,
    'weir_buffered_bytes',
    'Bytes of request bodies, unsent responses, and changes waiting for the disk.',
    () => load.bufferedBytes
  )
}

function watchConnections(registry: Registry, connections: ConnectionsSource): void {
  watchNumber(registry, 'weir_connections', 'Open connections.', () => connections.open)
  const refused: Counter = new Counter({
    name: 'weir_connections_refused_total',
    help: 'Connections closed at once because the connection limit was reached.',
    registers: [registry],
    collect() {
      refused.reset()
      refused.inc(connections.refused)
    }
  })
}

/**
 * A counter without labels. prom-client's own counter takes half a microsecond for an increment, because it
 * looks up its labels first.
 */
class Count {
  #total = 0

  constructor(name: string, help: string, registry: Registry) {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect: () => {
        counter.reset()
        counter.inc(this.#total)
      }
    })
  }

  inc(by = 1): void {
    this.#total += by
  }
}

const DURATION = 'weir_request_duration_seconds'

/**
 * A histogram of request durations by operation and status. An observation with labels takes prom-client's
 * own histogram a microsecond, mostly to look up the labels. That is several percent of a small request.
 */
class RequestDurations {
  readonly #series = new Map<string, Map<number, Series>>()

  observe(operation: string, status: number, seconds: number): void {
    const series = this.#seriesOf(operation, status)
    let bucket = 0
    for (const bound of SECONDS) {
      if (seconds <= bound) break
      bucket++
    }
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.sum += seconds
  }

  text(): string {
    const lines = [
      `# HELP ${DURATION} Time to respond to a request, including waiting, by operation and status.`,
      `# TYPE ${DURATION} histogram`
    ]
    for (const [operation, statuses] of this.#series) {
      for (const [status, { counts, sum }] of statuses) {
        const labels = `operation="${operation}",status="${status}"`
        let count = 0
        for (const [index, bound] of [...SECONDS, '+Inf'].entries()) {
          count += counts[index] ?? 0
          lines.push(`${DURATION}_bucket{${labels},le="${bound}"} ${count}`)
        }
        lines.push(`${DURATION}_sum{${labels}} ${sum}`, `${DURATION}_count{${labels}} ${count}`)
      }
    }
    return `${lines.join('\n')}\n`
  }

  #seriesOf(operation: string, status: number): Series {
    let statuses = this.#series.get(operation)
    if (statuses === undefined) {
      statuses = new Map()
      this.#series.set(operation, statuses)
    }
    let series = statuses.get(status)
    if (series === undefined) {
      series = { counts: new Float64Array(SECONDS.length + 1), sum: 0 }
      statuses.set(status, series)
    }
    return series
  }
}

interface Series {
  /** Observations in each bucket, not counting lower buckets. The last bucket has no bound. */
  readonly counts: Float64Array
  sum: number
}
