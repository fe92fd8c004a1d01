import type { Poll } from './poll.ts'
import type { Waiting } from './wait-queues.ts'

/**
 * The outcome of an attempt to serve a reader, and the size of the fields of its answer, whether it was sent or not.
 */
export interface Outcome {
  readonly kind: 'answered' | 'nothing' | 'stalled' | 'full'
  readonly bytes: number
}

export const NOTHING: Outcome = { kind: 'nothing', bytes: 0 }
/** The reader holds as much as it may. There may be something for the next one. */
export const FULL: Outcome = { kind: 'full', bytes: 0 }

/** A reader while it waits. */
export interface Waiter extends Waiting {
  readonly poll: Poll<unknown>
  resolve(answer: unknown): void
  reject(error: unknown): void
  timer: NodeJS.Timeout | undefined
  /** The attempt that is under way. */
  running: Promise<Outcome> | undefined
  /** The size of the last answer that its taker had no room for. */
  wantedBytes: number
  /** Whether the deadline passed during an attempt. The reader takes what the attempt returns, and then leaves. */
  isExpired: boolean
  /** Aborts when the reader hangs up. The signal may outlive the wait, so the listener is removed. */
  readonly signal: AbortSignal
  giveUp(): void
}
