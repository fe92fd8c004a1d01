import type { Engine } from '../../contract/engine.ts'
import type { Metrics } from '../../metrics.ts'
import type { Access } from '../access/guard.ts'
import type { AnswerQueue } from '../limits/answer-queue.ts'
import type { EventStreams } from '../waiting/event-streams.ts'
import type { HangUps } from '../waiting/hang-up.ts'

/** What the operations of a server use. */
export interface Services {
  readonly engine: Engine
  readonly metrics: Metrics
  readonly hangUps: HangUps
  /** The known tokens. Undefined if no token is required. */
  readonly access: Access | undefined
  readonly eventStreams: EventStreams
  /** Where requests wait for room for an answer that must be sent. */
  readonly answerQueue: AnswerQueue
  /** Whether the server is shutting down. */
  isDraining(): boolean
  /** The document that describes the server. */
  openApi(): object
}
