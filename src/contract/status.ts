/** A snapshot of an engine, in plain values. */
export interface EngineStatus {
  /** False: the process should get no traffic. `reason` is a sentence that explains why. */
  readonly ready: boolean
  readonly reason?: string
  /** Readers waiting now. */
  readonly waiting: number
  /** Streams and groups that these readers wait at, counted for each reader separately. */
  readonly waitingPlaces: number
  /** Totals, if the engine knows them. */
  readonly counts?: {
    readonly streams: number
    readonly groups: number
    readonly consumers: number
    /** Pending entries, including returned entries that wait for the next reader. */
    readonly pending: number
  }
  /** The first groups, in the order of their streams and names. On Redis, the values of the last count. */
  readonly groups: readonly GroupStatus[]
  /** Number of entries that died since the start. */
  readonly died: number
  /** Why entries that should die could not, the last time it was tried; absent if all is well. */
  readonly deathsBlocked?: string
  /** Only for an engine that stores streams on this machine. */
  readonly storage?: StorageStatus
  /** Only for an engine that stores streams on other servers: one item for each server. */
  readonly servers?: readonly ServerStatus[]
}

export interface GroupStatus {
  readonly stream: string
  readonly group: string
  readonly pending: number
  readonly delayed: number
  readonly dead: number
  /** Null if unknown. */
  readonly lag: number | null
  /** Idle time of the oldest pending entry. Null if nothing is pending, absent if unknown. */
  readonly oldestPendingMs?: number | null
}

export interface ServerStatus {
  /** The address, without a password. */
  readonly address: string
  /** The server's own name for itself, with its version. */
  readonly server: string
  /** Whether the server accepts requests now. */
  readonly isReady: boolean
  /** How often the connection was lost and re-established. */
  readonly reconnects: number
}

export interface StorageStatus {
  /** Size of the files at the last checkpoint, including free space inside them. */
  readonly diskBytes: number
  /** Bytes of the journal that a restart would have to read. */
  readonly journalBytes: number
  /** Journal segments that are no longer needed but could not be deleted. */
  readonly undeletedSegments: number
  /** Blocks of entries in memory. */
  readonly memoryBytes: number
  /** The last checkpoint since the start; null if there was none. */
  readonly checkpoint: { readonly at: number; readonly seconds: number } | null
  /** Why the last checkpoint failed; absent if it succeeded. */
  readonly checkpointError?: string
}
