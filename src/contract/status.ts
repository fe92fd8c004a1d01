/** An engine at one moment, in plain values. */
export interface EngineStatus {
  /** False: the process should get no traffic. `reason` says why, in a sentence. */
  readonly ready: boolean
  readonly reason?: string
  /** Readers waiting now. */
  readonly waiting: number
  /** The streams and groups that they wait at, counted for each reader by itself. */
  readonly waitingPlaces: number
  /** What there is in all, where an engine knows. */
  readonly counts?: {
    readonly streams: number
    readonly groups: number
    readonly consumers: number
    /** Pending entries, and those that came back and wait for the next reader. */
    readonly pending: number
  }
  /** The first groups, in the order of their streams and names. On Redis, as they were counted last. */
  readonly groups: readonly GroupStatus[]
  /** Of an engine that keeps streams on this machine. */
  readonly storage?: StorageStatus
  /** Of an engine that keeps them on other servers: each of those. */
  readonly servers?: readonly ServerStatus[]
}

export interface GroupStatus {
  readonly stream: string
  readonly group: string
  readonly pending: number
  /** Null if it is not known. */
  readonly lag: number | null
  /** Idle time of the oldest pending entry; null if there is none, left out if it is not known. */
  readonly oldestPendingMs?: number | null
}

export interface ServerStatus {
  /** Where it is, without a password. */
  readonly address: string
  /** What it says it is, with its version. */
  readonly server: string
  /** Whether it can be asked now. */
  readonly isReady: boolean
  /** How often the connection was lost and made again. */
  readonly reconnects: number
}

export interface StorageStatus {
  /** Size of the files, including free space in them, as of the last checkpoint. */
  readonly diskBytes: number
  /** Of the journal, what a restart would have to read. */
  readonly journalBytes: number
  /** Files of the journal that nobody needs any more and that could not be deleted. */
  readonly undeletedSegments: number
  /** Blocks of entries in memory. */
  readonly memoryBytes: number
  /** The last one since the start; null before it. */
  readonly checkpoint: { readonly at: number; readonly seconds: number } | null
  /** Why the last checkpoint failed; left out when it did not. */
  readonly checkpointError?: string
}
