import type { Engine } from '../contract/engine.ts'
import type { WaitingLimits } from '../semantics/waiting-room.ts'
import type { RetentionHold } from './control-socket.ts'
import type { Recovery } from './journal/recovery.ts'
import type { Exposed } from './modes.ts'
import type { QuotaLimits } from './quotas.ts'
import type { StorageOptions } from './storage.ts'

export interface EngineOptions extends Pick<StorageOptions, 'onStep'>, WaitingLimits {
  /** Limits on streams, groups, consumers and pending entries. Default: unlimited. */
  readonly most?: Partial<QuotaLimits>
  /** The wall clock, in milliseconds since the epoch. New ids come from it. */
  readonly now?: () => number
  /** Called when entries that should die cannot, and not again before it works. */
  onDeathsBlocked?(error: Error): void
  /** The clock for idle times. Default: `now` if it is given, otherwise a clock that never jumps. */
  readonly steady?: () => number
}

export interface EmbeddedOptions extends StorageOptions, EngineOptions {}

export interface EmbeddedEngine extends Engine {
  /** What was found when the directory was opened. */
  readonly recovery: Recovery
  /** Files and directories that other users can access. */
  readonly exposed: readonly Exposed[]
  /** Prevents the deletion of journal segments while somebody copies them. */
  hold(): RetentionHold
}
