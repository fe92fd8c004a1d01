import { EngineError } from '../../contract/errors.ts'
import * as refusals from '../../semantics/refusals.ts'
import { isErrorReply } from './client.ts'

/** What a request names, for the messages of its refusals. */
export interface Subject {
  readonly stream?: string
  readonly group?: string
  readonly consumer?: string
  /** The request would create the stream. So a key of another type is a conflict instead of a missing stream. */
  readonly isCreating?: boolean
}

/** The first word of an error reply, which is its code. */
export function errorWord(error: Error): string {
  return error.message.split(' ', 1)[0] ?? ''
}

const LACKS_RIGHT = 'The Redis user lacks a permission that Weir requires'
/** The errors of a script whose user lacks a permission: first before Redis 7.2, then since. */
const NOPERM_IN_SCRIPT = /^ERR (The user executing the script can't|ACL failure in script)/

export const IS_REPLICA = 'Redis is a replica and does not accept writes'

/**
 * A script used a key that has no server while its slot moves. It may have changed something before.
 */
const LOST_KEY = /Script attempted to access a non local key/

/** Redis, or this server of a cluster, cannot serve now. A retry may succeed. */
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

/** Errors after which a new connection reaches the right server, or at least gets a more precise error. */
const RECONNECTS: ReadonlySet<string> = new Set(['MASTERDOWN', 'NOAUTH', 'UNBLOCKED'])

/** Errors of a server that responds and refuses changes. It serves reads, unless it is busy with a script. */
const IMPAIRED: ReadonlySet<string> = new Set(['MISCONF', 'READONLY', 'BUSY', 'UNKILLABLE'])

/** Why the server refuses changes, as a sentence. Undefined if the error means anything else. */
export function impairmentOf(error: unknown): string | undefined {
  if (!isErrorReply(error)) return undefined
  const word = errorWord(error)
  return IMPAIRED.has(word) ? UNAVAILABLE[word] : undefined
}

export function needsNewConnection(error: unknown): error is Error {
  return isErrorReply(error) && RECONNECTS.has(errorWord(error))
}

/**
 * Whether Redis refused or could not be reached. Background work ignores such an error, because it is repeated later.
 */
export function isRefused(error: unknown): boolean {
  return error instanceof EngineError || isErrorReply(error)
}

/** Converts an error reply of Redis to an EngineError. Returns an unknown error as it is: it is a bug. */
export function refusal(error: unknown, subject: Subject): unknown {
  if (!isErrorReply(error)) return error
  const [word = '', code = '', ...details] = error.message.split(' ')
  if (word === 'WEIR') return scriptRefusal(code, details, subject)
  if (word === 'OOM') return storageFull(error)
  if (LOST_KEY.test(error.message)) {
    const message = 'The Redis cluster is moving slots: the change may have been made'
    return new EngineError('outcome-unknown', message, { cause: error })
  }
  const reason = NOPERM_IN_SCRIPT.test(error.message) ? LACKS_RIGHT : UNAVAILABLE[word]
  if (reason !== undefined) return new EngineError('engine-unavailable', reason, { cause: error })
  if (word === 'WRONGTYPE') return scriptRefusal('stream-conflict', [], subject)
  return error
}

/** The refusal with a code of a script, such as that of a request whose stream or group does not exist. */
export function refusalOf(code: string, subject: Subject): EngineError {
  return scriptRefusal(code, [], subject)
}

function storageFull(cause?: unknown): EngineError {
  return new EngineError('storage-full', 'Redis has no memory left', { cause })
}

/** Converts what a script passed to `refuse` in `scripts/lib/refuse.lua`. */
function scriptRefusal(code: string, details: string[], subject: Subject): EngineError {
  const { stream = '', group = '', consumer = '', isCreating = false } = subject
  const [first = '', second = ''] = details
  switch (code) {
    case 'stream-conflict':
      if (isCreating) return new EngineError(code, `The key "${stream}" in Redis is not a stream`)
      return scriptRefusal('stream-not-found', [], subject)
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
    case 'claim-in-timed-group':
      return refusals.claimInTimedGroup(group)
    case 'dead-letter-changed':
      return refusals.deadLetterStreamChanged(group)
    case 'dead-letter-conflict':
      return new EngineError(
        'stream-conflict',
        `The key of the dead-letter stream of group "${group}" in Redis is not a stream`
      )
    case 'dead-letter-ids':
      return new EngineError(
        'ids-exhausted',
        `The dead-letter stream of group "${group}" has used the highest possible id`
      )
    case 'storage-full':
      return storageFull()
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
