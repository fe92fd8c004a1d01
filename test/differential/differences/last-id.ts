import { id } from '../../conformance/fixtures.ts'
import type { Operation } from '../operation.ts'
import * as replies from '../redis/replies.ts'
import { type RedisTurn, Refusal } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * Differences in how low a stream's last id can be set, and how high a group's.
 */

export async function refuseBelowDeleted(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'setStreamId') return run(operation)
  const [info] = await turn.query(['XINFO', 'STREAM', operation.stream])
  if (info instanceof Error) return run(operation)
  const { maxDeletedId } = replies.streamInfo(operation.stream, info)
  if (id(operation.lastId) < id(maxDeletedId)) throw new Refusal('id-not-greater')
  return run(operation)
}

export async function refuseClaimAbove(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'claimEntries' || operation.lastId === undefined) return run(operation)
  const [info, groups] = await turn.query(
    ['XINFO', 'STREAM', operation.stream],
    ['XINFO', 'GROUPS', operation.stream]
  )
  const names = replies.list(groups instanceof Error ? [] : groups).map((group) => replies.list(group)[1])
  if (info instanceof Error || !names.includes(operation.group)) return run(operation)
  const { lastId } = replies.streamInfo(operation.stream, info)
  if (id(operation.lastId) > id(lastId)) throw new Refusal('id-too-high')
  return run(operation)
}

export function refuseBelowPlaces() {
  /** The highest id of each stream that was deleted by its id since the last id of the empty stream was lowered. */
  const deleted = new Map<string, bigint>()
  return async (operation: Operation, turn: RedisTurn, run: Run) => {
    switch (operation.kind) {
      case 'deleteStream':
        deleted.delete(operation.stream)
        return run(operation)
      case 'deleteEntries': {
        const answer = (await run(operation)) as { notFound: string[] }
        for (const text of operation.ids) {
          const isHighest = id(text) > (deleted.get(operation.stream) ?? 0n)
          if (isHighest && !answer.notFound.includes(text)) deleted.set(operation.stream, id(text))
        }
        return answer
      }
      case 'setStreamId': {
        const [info] = await turn.query(['XINFO', 'STREAM', operation.stream])
        if (info instanceof Error) return run(operation)
        const { length, lastId } = replies.streamInfo(operation.stream, info)
        const isBelow = id(operation.lastId) < (deleted.get(operation.stream) ?? 0n)
        if (length > 0 && isBelow) throw new Refusal('id-not-greater')
        const answer = await run(operation)
        if (length === 0 && id(operation.lastId) < id(lastId)) deleted.delete(operation.stream)
        return answer
      }
      default:
        return run(operation)
    }
  }
}
