import { EngineError } from '../../contract/errors.ts'
import * as refusals from '../../semantics/refusals.ts'
import { isErrorReply } from './client.ts'

/** What a request was about, for the sentences that refuse it. */
export interface Subject {
  readonly stream?: string
  readonly group?: string
  readonly consumer?: string
  /** The request makes the stream when there is none, and so another thing of that name is in its way. */
  readonly isMaking?: boolean
}

/** The first word of what Redis refuses with. */
export function errorWord(error: Error): string {
  return error.message.split(' ', 1)[0] ?? ''
}

const LACKS_RIGHT = 'The Redis user lacks a permission that Weir requires'
/** How a script is told that its user lacks one, before Redis 7.2 and since. */
const NOPERM_IN_SCRIPT = /^ERR (The user executing the script can't|ACL failure in script)/

export const IS_REPLICA = 'Redis is a replica and does not accept writes'

/** Redis cannot serve now, as a whole or this server of it; another try may succeed. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  LOADING: 'Redis is still loading its data',
  CLUSTERDOWN: 'The Redis cluster is down',
  MASTERDOWN: 'The Redis master is down',
  READONLY: IS_REPLICA,
  MOVED: 'The Redis cluster is moving slots',
  ASK: 'The Redis cluster is moving slots',
  TRYAGAIN: 'The Redis cluster is moving slots',
  NOREPLICAS: 'Redis has too few replicas to accept writes',
  MISCONF: 'Redis cannot save its data and does not accept writes',
  BUSY: 'Redis is busy running a script',
  NOAUTH: 'Redis requires a password: see WEIR_REDIS_URL',
  WRONGPASS: 'Redis rejected the user or password: see WEIR_REDIS_URL',
  NOPERM: LACKS_RIGHT,
  UNBLOCKED: 'Redis has changed its role',
  UNKILLABLE: 'Redis is busy running a script'
}

/** Words after which a new connection finds the right server, or at least learns more. */
const RENEWS: ReadonlySet<string> = new Set(['MASTERDOWN', 'NOAUTH', 'UNBLOCKED'])

/** Words of a server that is there, and refuses changes. It answers reads, unless it is busy with a script. */
const IMPAIRED: ReadonlySet<string> = new Set(['MISCONF', 'READONLY', 'BUSY', 'UNKILLABLE'])

/** Why the server takes no changes, in a sentence; undefined if this is not what the error says. */
export function impairmentOf(error: unknown): string | undefined {
  if (!isErrorReply(error)) return undefined
  const word = errorWord(error)
  return IMPAIRED.has(word) ? UNAVAILABLE[word] : undefined
}

export function asksForNewConnection(error: unknown): error is Error {
  return isErrorReply(error) && RENEWS.has(errorWord(error))
}

/** Whether Redis refused, or could not be asked: for work that nobody waits for, and that is tried again. */
export function isRefused(error: unknown): boolean {
  return error instanceof EngineError || isErrorReply(error)
}

/** What a refusal of Redis means. Gives back what is none of the refusals that there are: a bug, then. */
export function refusal(error: unknown, subject: Subject): unknown {
  if (!isErrorReply(error)) return error
  const [word = '', code = '', ...details] = error.message.split(' ')
  if (word === 'WEIR') return ours(code, details, subject)
  if (word === 'OOM') return new EngineError('storage-full', 'Redis has no memory left', { cause: error })
  const reason = NOPERM_IN_SCRIPT.test(error.message) ? LACKS_RIGHT : UNAVAILABLE[word]
  if (reason !== undefined) return new EngineError('engine-unavailable', reason, { cause: error })
  if (word === 'WRONGTYPE') return ours('stream-conflict', [], subject)
  return error
}

/** The refusal of those who wait at a place that is gone. */
export function refusalOf(code: 'stream-not-found' | 'group-not-found', subject: Subject): EngineError {
  return ours(code, [], subject)
}

function ours(code: string, details: string[], subject: Subject): EngineError {
  const { stream = '', group = '', consumer = '', isMaking = false } = subject
  const [first = '', second = ''] = details
  switch (code) {
    case 'stream-conflict':
      if (isMaking) return new EngineError(code, `The key "${stream}" in Redis is not a stream`)
      return ours('stream-not-found', [], subject)
    case 'stream-not-found':
      return refusals.streamNotFound(stream)
    case 'group-not-found':
      return refusals.groupNotFound(stream, group)
    case 'consumer-not-found':
      return refusals.consumerNotFound(group, consumer)
    case 'consumer-has-pending':
      return refusals.consumerHasPending(consumer, first)
    case 'group-has-pending':
      return refusals.groupHasPending(group, first)
    case 'id-too-high':
      return refusals.idTooHigh(first)
    case 'max-deleted-id':
      return refusals.maxDeletedIdTooHigh()
    case 'entries-added':
      return refusals.entriesAddedTooLow(first)
    case 'id-not-greater':
      return details.length === 1 ? refusals.lastIdTooLow(first) : refusals.idNotGreater(first, second)
    default:
      return refusals.idsExhausted(first, second === '-' ? null : second)
  }
}
