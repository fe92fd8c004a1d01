import { EngineError } from '../contract/errors.ts'

/*
 * The refusals that all engines share, with their sentences, so that a client reads the same text from every
 * engine. Ids are passed as formatted text.
 */

export function streamNotFound(stream: string): EngineError {
  return new EngineError('stream-not-found', `Stream "${stream}" does not exist`)
}

export function streamExists(stream: string): EngineError {
  return new EngineError('stream-exists', `Stream "${stream}" already exists`)
}

export function groupNotFound(stream: string, group: string): EngineError {
  return new EngineError('group-not-found', `Stream "${stream}" has no group "${group}"`)
}

export function groupExists(stream: string, group: string): EngineError {
  return new EngineError('group-exists', `Stream "${stream}" already has a group "${group}"`)
}

export function groupHasPending(group: string, pending: number | string): EngineError {
  return new EngineError(
    'group-has-pending',
    `Group "${group}" has ${pending} pending entries, which would be lost: ack them first, or drop them`
  )
}

export function consumerNotFound(group: string, consumer: string): EngineError {
  return new EngineError('consumer-not-found', `Group "${group}" has no consumer "${consumer}"`)
}

export function consumerHasPending(consumer: string, pending: number | string): EngineError {
  return new EngineError(
    'consumer-has-pending',
    `Consumer "${consumer}" has ${pending} pending entries, which would be lost: claim them first, or drop them`
  )
}

export function entryNotFound(stream: string): EngineError {
  return new EngineError('entry-not-found', `Stream "${stream}" has no entry with this id`)
}

/** A claim names a last id above that of the stream. */
export function idTooHigh(lastId: string): EngineError {
  const message = `"lastId" must not be greater than the stream's last id, ${lastId}`
  return new EngineError('id-too-high', message, { pointer: '/lastId' })
}

/** The last id of a stream would be set below the lowest allowed id. */
export function lastIdTooLow(lowest: string): EngineError {
  return new EngineError('id-not-greater', `"lastId" must not be less than ${lowest}`, { pointer: '/lastId' })
}

export function maxDeletedIdTooHigh(): EngineError {
  return new EngineError('invalid-request', '"maxDeletedId" must not be greater than "lastId"', {
    pointer: '/maxDeletedId'
  })
}

export function entriesAddedTooLow(length: number | string): EngineError {
  const message = `"entriesAdded" must not be less than the length of the stream, ${length}`
  return new EngineError('invalid-request', message, { pointer: '/entriesAdded' })
}

/** An entry of an append has an id at or below the last one. */
export function idNotGreater(index: number | string, lastId: string): EngineError {
  const message = `The id must be greater than the stream's last id, ${lastId}`
  return new EngineError('id-not-greater', message, { pointer: `/entries/${index}/id` })
}

/** An append has no id left for an entry, in this millisecond or at all. */
export function idsExhausted(index: number | string, ms: bigint | string | null): EngineError {
  const message =
    ms === null
      ? 'The stream has used the highest possible id'
      : `Millisecond ${ms} has no sequence numbers left`
  return new EngineError('ids-exhausted', message, { pointer: `/entries/${index}/id` })
}

/** The chain begins with the group that the policy is for, and ends with the stream that it leads back to. */
export function deadLetterCycle(chain: readonly string[]): EngineError {
  const message = `Dead letters would come back to the stream "${chain.at(-1)}": ${chain.join(' → ')}`
  return new EngineError('dead-letter-cycle', message, { pointer: DEAD_LETTER_POINTER })
}

export function claimInTimedGroup(group: string): EngineError {
  return new EngineError(
    'invalid-request',
    `Group "${group}" has an "ackTimeoutMs", so entries come back by themselves: omit "claimIdleMs"`,
    { pointer: '/claimIdleMs' }
  )
}

/** A redrive was allowed for another dead-letter stream than the group has now. */
export function deadLetterStreamChanged(group: string): EngineError {
  return new EngineError(
    'stream-conflict',
    `The dead-letter stream of group "${group}" has changed: try again`
  )
}

const DEAD_LETTER_POINTER = '/delivery/deadLetterStream'
