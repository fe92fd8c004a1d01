import type { EngineError } from '../../contract/errors.ts'
import type { Files } from './files.ts'
import type { Undeleted } from './segment-list.ts'

/** When writes are made durable: before they are answered, once a second, or when the kernel chooses to. */
export type Fsync = 'always' | 'everysec' | 'never'

export interface JournalOptions {
  /** Created if it is missing. */
  readonly directory: string
  readonly fsync: Fsync
  /**
   * Size of a segment's file. The first segments are smaller, and a segment for a larger record is larger.
   */
  readonly segmentBytes?: number
  /** Space that ordinary changes may not use, so that acks and the like still work on a full disk. */
  readonly reserveBytes?: number
  /** Where replay starts: a position that `append` returned, or 0. Default: the first existing position. */
  readonly from?: number
  readonly files?: Files
  onFlush?(flush: Flush): void
  /** Called once, when a write or sync has failed. */
  onFailure?(error: EngineError): void
  /** Called once for each segment that should be deleted but cannot be. Each release tries again. */
  onUndeleted?(segment: Undeleted): void
}

export interface Flush {
  readonly seconds: number
  readonly bytes: number
  /** Number of records with changes. */
  readonly records: number
}
