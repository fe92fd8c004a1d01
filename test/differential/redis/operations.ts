import type { Difference, Run } from '../differences/difference.ts'
import type { Operation } from '../operation.ts'
import { RedisError } from './connection.ts'
import * as entries from './entries.ts'
import * as groups from './groups.ts'
import * as pending from './pending.ts'
import { refusalOf } from './refusals.ts'
import { type RedisTurn, Refusal } from './turn.ts'

/**
 * Performs an operation with the equivalent commands of Redis, adapted by the known differences. Returns its answer
 * or the code of the refusal, in the form of Weir's.
 */
export async function runOnRedis(turn: RedisTurn, differences: readonly Difference[]): Promise<unknown> {
  const run = differences.reduceRight<Run>(
    (inner, difference) => (operation) => difference.around?.(operation, turn, inner) ?? inner(operation),
    (operation) => translate(turn, operation)
  )
  try {
    return await run(turn.operation)
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    if (error instanceof RedisError) return { refused: (await refusalOf(error, turn)).code }
    throw error
  }
}

function translate(turn: RedisTurn, operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case 'ensureStream':
      return entries.ensureStream(turn, operation)
    case 'getStream':
      return entries.getStream(turn, operation)
    case 'describeStream':
      return entries.describeStream(turn, operation)
    case 'setStreamId':
      return entries.setStreamId(turn, operation)
    case 'deleteStream':
      return entries.deleteStream(turn, operation)
    case 'appendEntries':
      return entries.appendEntries(turn, operation)
    case 'listEntries':
      return entries.listEntries(turn, operation)
    case 'getEntry':
      return entries.getEntry(turn, operation)
    case 'deleteEntries':
      return entries.deleteEntries(turn, operation)
    case 'trimStream':
      return entries.trimStream(turn, operation)
    case 'readStreams':
      return entries.readStreams(turn, operation)
    case 'listGroups':
      return groups.listGroups(turn, operation)
    case 'ensureGroup':
      return groups.ensureGroup(turn, operation)
    case 'getGroup':
      return groups.getGroup(turn, operation)
    case 'updateGroup':
      return groups.updateGroup(turn, operation)
    case 'deleteGroup':
      return groups.deleteGroup(turn, operation)
    case 'readGroups':
      return groups.readGroups(turn, operation)
    case 'listConsumers':
      return groups.listConsumers(turn, operation)
    case 'ensureConsumer':
      return groups.ensureConsumer(turn, operation)
    case 'deleteConsumer':
      return groups.deleteConsumer(turn, operation)
    case 'ackEntries':
      return pending.ackEntries(turn, operation)
    case 'listPending':
      return pending.listPending(turn, operation)
    case 'getPendingSummary':
      return pending.getPendingSummary(turn, operation)
    case 'claimEntries':
      return pending.claimEntries(turn, operation)
    case 'autoClaimEntries':
      return pending.autoClaimEntries(turn, operation)
    default:
      operation satisfies never
      throw new Error('Unknown operation')
  }
}
