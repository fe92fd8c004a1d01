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
  /** Of an engine that keeps streams elsewhere, as they were at its last look, which asking for them begins. */
  readonly groups: Iterable<{
    stream: string
    group: string
    pending: number
    lag: number | null
    /** Of the entry that has been pending longest; null for none, left out where it is not known. */
    oldestPendingMs?: number | null
  }>
  /** Of an engine that keeps streams on this machine. */
  readonly storage?: StorageStatus
  /** Of an engine that keeps them on other servers: each of those. */
  readonly servers?: readonly ServerStatus[]
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
  /** What the files take, with the space in them that is still free. */
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
