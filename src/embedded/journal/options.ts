import type { EngineError } from '../../contract/errors.ts'
import type { Files } from './files.ts'
import type { Undeleted } from './segment-list.ts'

/** When what was written is made durable: before it counts, once a second, or when the kernel likes to. */
export type Fsync = 'always' | 'everysec' | 'never'

export interface JournalOptions {
  /** Made if it is missing. */
  readonly directory: string
  readonly fsync: Fsync
  /** The size of a segment's file. The first ones are smaller, and one for a larger record is larger. */
  readonly segmentBytes?: number
  /** What is held back from ordinary changes, so that acks and such still go through on a full disk. */
  readonly reserveBytes?: number
  /** Where replay starts: a position that `append` gave, or 0. Default: the first there is. */
  readonly from?: number
  readonly files?: Files
  onFlush?(flush: Flush): void
  /** Called once, when a write or sync has failed. */
  onFailure?(error: EngineError): void
  /** Called once for each segment that should be deleted and cannot be. Every release tries again. */
  onUndeleted?(segment: Undeleted): void
}

export interface Flush {
  readonly seconds: number
  readonly bytes: number
  /** Records of changes. */
  readonly records: number
}
