import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is asked of the engine each time somebody looks at the metrics. */
export interface StatusSource {
  status(): {
    readonly ready: boolean
    readonly waiting: number
    readonly waitingPlaces: number
    readonly counts?: {
      readonly streams: number
      readonly groups: number
      readonly consumers: number
      readonly pending: number
    }
    readonly groups: Iterable<{
      stream: string
      group: string
      pending: number
      lag: number | null
      oldestPendingMs?: number | null
    }>
    readonly storage?: {
      readonly diskBytes: number
      readonly journalBytes: number
      readonly undeletedSegments: number
      readonly memoryBytes: number
      readonly checkpoint: { readonly at: number } | null
    }
    readonly servers?: readonly {
      readonly address: string
      readonly isReady: boolean
      readonly reconnects: number
    }[]
  }
}

/** What the server has taken on and not done with. */
export interface LoadSource {
  readonly inFlight: number
  readonly bufferedBytes: number
}

/** The connections of the server. */
export interface ConnectionsSource {
  readonly open: number
  readonly refused: number
}

/** What Weir counts and measures. Each method is called when the thing it is named for has happened. */
export interface Metrics {
  /** A request was answered; how many, how fast and with which status comes out of this. */
  answered(answer: { operation: string; status: number; seconds: number }): void
  /** A request was refused, whoever's fault it was. */
  refused(code: string): void
  appended(entries: number): void
  delivered(entries: number): void
  acked(entries: number): void
  /** A consumer hung up before it read what it was given. */
  undone(): void
  /** The journal made what it had gathered durable. */
  flushed(flush: { seconds: number; bytes: number }): void
  /** The journal's changes were moved into the store, or with an error they were not. */
  checkpointed(checkpoint: { seconds: number; sliceSeconds: readonly number[]; error?: Error }): void
  /** From now on the metrics tell of this engine's readers and groups. */
  watch(engine: StatusSource): void
  /** And of what this server has taken on. */
  watchLoad(load: LoadSource): void
  /** And of its connections. */
  watchConnections(connections: ConnectionsSource): void
  /** These codes are told of before anybody was refused with them: a rate sees a number grow, but none appear. */
  watchRefusals(codes: readonly string[]): void
  /** All of it in Prometheus' text format. */
  text(): Promise<string>
  readonly contentType: string
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const BYTES = [1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216]

/** A scrape must stay small whatever people create: beyond so many groups, in the order of their names, the rest are left out. */
export function createMetrics({ maxGroups = 1000, ofProcess = true } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  // It observes the process for good, so a second one would never be collected.
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
  const acked = count('weir_entries_acked_total', 'Entries acked by consumers of groups.')
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
  const checkpointFailures = count('weir_checkpoint_failures_total', 'Checkpoints that failed.')
  return {
    answered: ({ operation, status, seconds }) => requests.observe(operation, status, seconds),
    refused: (code) => refusals.inc({ code }),
    appended: (entries) => appended.inc(entries),
    delivered: (entries) => delivered.inc(entries),
    acked: (entries) => acked.inc(entries),
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
      watchEngine(registry, engine)
      watchGroups(registry, engine, maxGroups)
      const { storage, servers } = engine.status()
      if (storage !== undefined) watchStorage(registry, engine)
      if (servers !== undefined) watchServers(registry, engine)
    },
    watchLoad: (load) => watchLoad(registry, load),
    watchConnections: (connections) => watchConnections(registry, connections),
    watchRefusals(codes) {
      for (const code of codes) refusals.inc({ code }, 0)
    },
    text: async () => `${await registry.metrics()}\n${requests.text()}`,
    contentType: registry.contentType
  }
}

/** A number that is asked for each time somebody looks; left out while it is not known. */
function watchNumber(registry: Registry, name: string, help: string, value: () => number | undefined): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      const current = value()
      if (current !== undefined) gauge.set(current)
    }
  })
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

function watchEngine(registry: Registry, engine: StatusSource): void {
  watchNumber(registry, 'weir_ready', '1 if requests can be served, 0 otherwise.', () =>
    Number(engine.status().ready)
  )
  watchNumber(registry, 'weir_readers_waiting', 'Readers waiting for entries.', () => engine.status().waiting)
  watchNumber(
    registry,
    'weir_waiting_places',
    'Streams and groups that readers are waiting on, counted per reader.',
    () => engine.status().waitingPlaces
  )
  for (const what of ['streams', 'groups', 'consumers'] as const) {
    watchNumber(registry, `weir_${what}`, `Number of ${what}.`, () => engine.status().counts?.[what])
  }
  watchNumber(
    registry,
    'weir_pending_entries',
    'Pending entries of all groups, including returned entries that wait for the next reader.',
    () => engine.status().counts?.pending
  )
}

function watchGroups(registry: Registry, engine: StatusSource, maxGroups: number): void {
  const labelNames = ['stream', 'group']
  const registers = [registry]
  const pending: Gauge = new Gauge({
    name: 'weir_group_pending',
    help: `Entries delivered but not acked, by group. Limited to the first ${maxGroups} groups.`,
    labelNames,
    registers,
    // All gauges are filled in one walk over the groups, by the one that is asked first.
    collect() {
      for (const gauge of [pending, lag, oldest]) gauge.reset()
      let left = maxGroups
      for (const { stream, group, ...counts } of engine.status().groups) {
        if (left-- === 0) return
        pending.set({ stream, group }, counts.pending)
        if (counts.lag !== null) lag.set({ stream, group }, counts.lag)
        if (counts.oldestPendingMs !== undefined)
          oldest.set({ stream, group }, (counts.oldestPendingMs ?? 0) / 1000)
      }
    }
  })
  const lag = new Gauge({
    name: 'weir_group_lag',
    help: 'Entries still to be delivered, by group. Left out if this is not known.',
    labelNames,
    registers
  })
  const oldest = new Gauge({
    name: 'weir_group_oldest_pending_seconds',
    help: 'Idle time of the oldest pending entry, by group. 0 if nothing is pending.',
    labelNames,
    registers
  })
}

type Storage = NonNullable<ReturnType<StatusSource['status']>['storage']>

function watchStorage(registry: Registry, engine: StatusSource): void {
  const watch = (name: string, help: string, value: (storage: Storage) => number | undefined) =>
    watchNumber(registry, name, help, () => {
      const { storage } = engine.status()
      return storage && value(storage)
    })
  watch(
    'weir_storage_bytes',
    'Size of the data files, including free space in them.',
    (storage) => storage.diskBytes
  )
  watch(
    'weir_journal_bytes',
    'Bytes of the journal that a restart would have to read.',
    (storage) => storage.journalBytes
  )
  watch(
    'weir_journal_undeleted_segments',
    'Journal segments that are no longer needed but cannot be deleted.',
    (storage) => storage.undeletedSegments
  )
  watch('weir_memory_blocks_bytes', 'Memory used by blocks of entries.', (storage) => storage.memoryBytes)
  watch(
    'weir_checkpoint_timestamp_seconds',
    'When the last checkpoint finished, in Unix time.',
    ({ checkpoint }) => (checkpoint === null ? undefined : checkpoint.at / 1000)
  )
}

function watchServers(registry: Registry, engine: StatusSource): void {
  const registers = [registry]
  const labelNames = ['address']
  const up: Gauge = new Gauge({
    name: 'weir_server_up',
    help: '1 if the server that stores the streams can serve requests, 0 otherwise, by address.',
    labelNames,
    registers,
    // Both gauges are filled by the one that is asked first.
    collect() {
      up.reset()
      reconnects.reset()
      for (const { address, isReady, reconnects: count } of engine.status().servers ?? []) {
        up.set({ address }, isReady ? 1 : 0)
        reconnects.set({ address }, count)
      }
    }
  })
  const reconnects = new Gauge({
    name: 'weir_server_reconnects',
    help: 'How often the connection to the server was lost and restored, by address.',
    labelNames,
    registers
  })
}

/** A counter without labels. To prom-client's own, adding is looking its labels up first: half a microsecond. */
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
 * A histogram of how long requests take, by operation and status. prom-client's own takes a microsecond for an
 * observation with labels, most of it to look them up: several percent of a small request.
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
  /** How many fell into each bucket and in none below it; the last one has no bound. */
  readonly counts: Float64Array
  sum: number
}
