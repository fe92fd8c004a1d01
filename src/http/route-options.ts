import type { Engine } from '../contract/engine.ts'
import type { Metrics } from '../metrics.ts'
import type { Access } from './access/guard.ts'
import type { AnswerQueue } from './limits/answer-queue.ts'
import type { EventStreams } from './waiting/event-streams.ts'
import type { HangUps } from './waiting/hang-up.ts'

/** What routes are built with. */
export interface RouteOptions {
  readonly engine: Engine
  readonly metrics: Metrics
  readonly hangUps: HangUps
  /** Who is known; left out where nobody is asked. */
  readonly access: Access | undefined
  readonly eventStreams: EventStreams
  /** Where to wait for room for an answer that must be sent. */
  readonly answerQueue: AnswerQueue
  /** The longest that a read may ask to wait. */
  readonly maxWaitMs: number
  /** Whether the server takes no new requests any more. */
  isDraining(): boolean
}
