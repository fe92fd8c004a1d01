import { CONSUMER_OPERATIONS } from './consumers.ts'
import { DEAD_OPERATIONS } from './dead.ts'
import { ENTRY_OPERATIONS } from './entries.ts'
import { GROUP_OPERATIONS } from './groups.ts'
import type { Operation, WaitingOperation } from './operation.ts'
import { PENDING_OPERATIONS } from './pending.ts'
import { READING_OPERATIONS } from './reading.ts'
import { SERVER_OPERATIONS } from './server.ts'
import { SETTLING_OPERATIONS } from './settling.ts'
import { SEVERAL_STREAMS_OPERATIONS } from './several-streams.ts'
import { STREAM_OPERATIONS } from './streams.ts'
import { TAIL_OPERATIONS } from './tail.ts'
import { TRIM_OPERATIONS } from './trim.ts'

/** In the order of the document. */
const ALL: readonly (Operation | WaitingOperation)[] = [
  ...SERVER_OPERATIONS,
  ...STREAM_OPERATIONS,
  ...ENTRY_OPERATIONS,
  ...TRIM_OPERATIONS,
  ...TAIL_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...SEVERAL_STREAMS_OPERATIONS,
  ...READING_OPERATIONS,
  ...SETTLING_OPERATIONS,
  ...PENDING_OPERATIONS,
  ...DEAD_OPERATIONS,
  ...CONSUMER_OPERATIONS
]

/** All operations of a server whose reads may wait up to `maxWaitMs`. */
export function allOperations(maxWaitMs: number): Operation[] {
  return ALL.map((operation) => (typeof operation === 'function' ? operation(maxWaitMs) : operation))
}
