import { Counter, Gauge, type Registry } from 'prom-client'
import type { EngineStatus, ServerStatus, StorageStatus } from './contract/status.ts'

/** Shows a status in its gauges. */
type Show<S> = (status: S) => void

/**
 * Gauges for the status of an engine. Those that only one kind of engine has exist once the status of such an
 * engine was shown.
 */
export class StatusGauges {
  readonly #registry: Registry
  readonly #engine: Show<EngineStatus>[]
  #storage: Show<StorageStatus>[] | undefined
  #servers: Show<readonly ServerStatus[]> | undefined

  /** `maxGroups` is the maximum number of groups in a status. */
  constructor(registry: Registry, maxGroups: number) {
    this.#registry = registry
    this.#engine = [...engineGauges(registry), groupGauges(registry, maxGroups)]
  }

  show(status: EngineStatus): void {
    const { storage, servers } = status
    for (const show of this.#engine) show(status)
    if (storage !== undefined) {
      this.#storage ??= storageGauges(this.#registry)
      for (const show of this.#storage) show(storage)
    }
    if (servers !== undefined) {
      this.#servers ??= serverGauges(this.#registry)
      this.#servers(servers)
    }
  }
}

function engineGauges(registry: Registry): Show<EngineStatus>[] {
  const gauge = (name: string, help: string, value: (status: EngineStatus) => number | undefined) =>
    numberGauge(registry, name, help, value)
  const counted = (['streams', 'groups', 'consumers'] as const).map((what) =>
    gauge(`weir_${what}`, `Number of ${what}.`, ({ counts }) => counts?.[what])
  )
  return [
    gauge('weir_ready', '1 if requests can be served, 0 otherwise.', ({ ready }) => Number(ready)),
    gauge('weir_readers_waiting', 'Readers waiting for entries.', ({ waiting }) => waiting),
    gauge(
      'weir_waiting_places',
      'Streams and groups that readers are waiting on, counted per reader.',
      ({ waitingPlaces }) => waitingPlaces
    ),
    ...counted,
    gauge(
      'weir_pending_entries',
      'Pending entries of all groups, including returned entries that wait for the next reader.',
      ({ counts }) => counts?.pending
    ),
    gauge(
      'weir_deaths_blocked',
      '1 if entries without deliveries left cannot be moved to their dead-letter stream, 0 otherwise.',
      ({ deathsBlocked }) => Number(deathsBlocked !== undefined)
    ),
    deathCounter(registry)
  ]
}

function deathCounter(registry: Registry): Show<EngineStatus> {
  const died = new Counter({
    name: 'weir_entries_died_total',
    help: 'Entries that died: they are not delivered any more until they are redriven.',
    registers: [registry]
  })
  return ({ died: total }) => {
    died.reset()
    died.inc(total)
  }
}

function groupGauges(registry: Registry, maxGroups: number): Show<EngineStatus> {
  const labelNames = ['stream', 'group']
  const registers = [registry]
  const pending = new Gauge({
    name: 'weir_group_pending',
    help: `Entries delivered but not acked, by group. Limited to the first ${maxGroups} groups.`,
    labelNames,
    registers
  })
  const lag = new Gauge({
    name: 'weir_group_lag',
    help: 'Entries still to be delivered, by group. Omitted if unknown.',
    labelNames,
    registers
  })
  const oldest = new Gauge({
    name: 'weir_group_oldest_pending_seconds',
    help: 'Idle time of the oldest pending entry, by group. 0 if nothing is pending.',
    labelNames,
    registers
  })
  const delayed = new Gauge({
    name: 'weir_group_delayed',
    help: 'Pending entries that were nacked and wait to be due, by group.',
    labelNames,
    registers
  })
  const dead = new Gauge({
    name: 'weir_group_dead',
    help: 'Dead entries in the group, by group. Those in a dead-letter stream do not count.',
    labelNames,
    registers
  })
  return ({ groups }) => {
    for (const gauge of [pending, lag, oldest, delayed, dead]) gauge.reset()
    for (const { stream, group, ...status } of groups) {
      pending.set({ stream, group }, status.pending)
      delayed.set({ stream, group }, status.delayed)
      dead.set({ stream, group }, status.dead)
      if (status.lag !== null) lag.set({ stream, group }, status.lag)
      if (status.oldestPendingMs !== undefined)
        oldest.set({ stream, group }, (status.oldestPendingMs ?? 0) / 1000)
    }
  }
}

function storageGauges(registry: Registry): Show<StorageStatus>[] {
  const gauge = (name: string, help: string, value: (storage: StorageStatus) => number | undefined) =>
    numberGauge(registry, name, help, value)
  return [
    gauge(
      'weir_storage_bytes',
      'Size of the data files, including free space in them.',
      ({ diskBytes }) => diskBytes
    ),
    gauge(
      'weir_journal_bytes',
      'Bytes of the journal that a restart would have to read.',
      ({ journalBytes }) => journalBytes
    ),
    gauge(
      'weir_journal_undeleted_segments',
      'Journal segments that are no longer needed but cannot be deleted.',
      ({ undeletedSegments }) => undeletedSegments
    ),
    gauge('weir_memory_blocks_bytes', 'Memory used by blocks of entries.', ({ memoryBytes }) => memoryBytes),
    gauge(
      'weir_checkpoint_timestamp_seconds',
      'When the last checkpoint finished, in Unix time.',
      ({ checkpoint }) => (checkpoint === null ? undefined : checkpoint.at / 1000)
    )
  ]
}

function serverGauges(registry: Registry): Show<readonly ServerStatus[]> {
  const registers = [registry]
  const labelNames = ['address']
  const up = new Gauge({
    name: 'weir_server_up',
    help: '1 if the server that stores the streams can serve requests, 0 otherwise, by address.',
    labelNames,
    registers
  })
  const reconnects = new Gauge({
    name: 'weir_server_reconnects',
    help: 'How often the connection to the server was lost and restored, by address.',
    labelNames,
    registers
  })
  return (servers) => {
    up.reset()
    reconnects.reset()
    for (const { address, isReady, reconnects: count } of servers) {
      up.set({ address }, isReady ? 1 : 0)
      reconnects.set({ address }, count)
    }
  }
}

/** A gauge that keeps its last value if a status does not contain a new one. */
function numberGauge<S>(
  registry: Registry,
  name: string,
  help: string,
  value: (status: S) => number | undefined
): Show<S> {
  const gauge = new Gauge({ name, help, registers: [registry] })
  return (status) => {
    const current = value(status)
    if (current !== undefined) gauge.set(current)
  }
}
