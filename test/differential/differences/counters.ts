import type { Engine, GroupInfo } from '../../../src/engine.ts'
import { id } from '../../conformance/fixtures.ts'
import type { Mismatch } from '../mismatch.ts'
import { type Operation, type OperationOf, streamsOf } from '../operation.ts'
import type { Reply } from '../redis/connection.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Difference, Run } from './difference.ts'

/*
 * How far a group has come, where it is counted in another way.
 */

/** Where the two count in another way, the counter of Redis is set to that of Weir. */
export function countedAnew(): Pick<Difference, 'around' | 'settle'> {
  let uncertain: string[] = []
  return {
    async around(operation, turn, run) {
      uncertain = operation.kind === 'readGroups' ? await countedOtherwise(operation, turn) : []
      return run(operation)
    },
    async settle(operation, turn, engine) {
      if (operation.kind !== 'readGroups') return
      const { group } = operation
      for (const stream of uncertain)
        await setEntriesRead(await engine.getGroup({ stream, group }), stream, turn)
    }
  }
}

/** Where a group stays is where both have it, or a comparison finds out. */
async function setEntriesRead(
  { name, entriesRead }: GroupInfo,
  stream: string,
  turn: RedisTurn
): Promise<void> {
  const { lastDeliveredId } = await groupOn(turn, stream, name)
  await turn.ask(['XGROUP', 'SETID', stream, name, lastDeliveredId, 'ENTRIESREAD', entriesRead ?? -1])
}

export async function settleAfterRead(operation: Operation, turn: RedisTurn, engine: Engine) {
  if (operation.kind !== 'readGroups') return
  for (const stream of streamsOf(operation)) {
    await settleAboveAdded(stream, (name) => name === operation.group, turn, engine)
  }
}

export async function settleAfterLowering(operation: Operation, turn: RedisTurn, engine: Engine) {
  if (operation.kind !== 'setStreamId' || operation.entriesAdded === undefined) return
  await settleAboveAdded(operation.stream, () => true, turn, engine)
}

async function settleAboveAdded(
  stream: string,
  isMeant: (group: string) => boolean,
  turn: RedisTurn,
  engine: Engine
): Promise<void> {
  const [info, groups] = await turn.ask(['XINFO', 'STREAM', stream], ['XINFO', 'GROUPS', stream])
  const { entriesAdded } = replies.streamInfo(stream, info)
  for (const { name, entriesRead } of replies.list(groups).map(replies.groupInfo)) {
    if (!isMeant(name) || (entriesRead ?? 0) <= entriesAdded) continue
    await setEntriesRead(await engine.getGroup({ stream, group: name }), stream, turn)
  }
}

/** Streams whose entries may have gone unread by this group, or unseen by the counter. */
async function countedOtherwise(
  { streams, group }: OperationOf<'readGroups'>,
  turn: RedisTurn
): Promise<string[]> {
  const found: string[] = []
  for (const { stream } of streams) {
    const [info, groups] = await turn.ask(['XINFO', 'STREAM', stream], ['XINFO', 'GROUPS', stream])
    if (info instanceof Error) continue
    const place = groupAmong(groups, group)
    const { firstId, maxDeletedId } = replies.streamInfo(stream, info)
    if (firstId === null || place === undefined) continue
    const first = id(firstId)
    if (id(place.lastDeliveredId) < first || id(maxDeletedId) >= first) found.push(stream)
  }
  return found
}

/** Redis 8 knows it in these cases; where it does as Redis 7 does, so does Weir. */
export async function explainsLag(
  { path, weir, weirParent }: Mismatch,
  operation: Operation,
  turn: RedisTurn
) {
  const { lastDeliveredId } = weirParent
  const [stream = ''] = streamsOf(operation)
  if (path.at(-1) !== 'lag' || typeof lastDeliveredId !== 'string') return false
  const [info] = await turn.ask(['XINFO', 'STREAM', stream])
  const { length, firstId, maxDeletedId } = replies.streamInfo(stream, info)
  if (firstId === null) return weir === 0
  const first = id(firstId)
  return id(lastDeliveredId) < first && id(maxDeletedId) < first && weir === length
}

export async function capEntriesRead(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'ensureGroup' && operation.kind !== 'updateGroup') return run(operation)
  if (operation.entriesRead === undefined) return run(operation)
  const [info] = await turn.ask(['XINFO', 'STREAM', operation.stream])
  const added = info instanceof Error ? 0 : replies.streamInfo(operation.stream, info).entriesAdded
  return run({ ...operation, entriesRead: Math.min(operation.entriesRead, added) })
}

async function groupOn(turn: RedisTurn, stream: string, name: string) {
  const [groups] = await turn.ask(['XINFO', 'GROUPS', stream])
  const group = groupAmong(groups, name)
  if (group === undefined) throw new Error(`Redis has no group "${name}"`)
  return group
}

function groupAmong(groups: Reply | undefined, name: string) {
  return replies
    .list(groups)
    .map(replies.groupInfo)
    .find((group) => group.name === name)
}
