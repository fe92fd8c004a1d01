import { MIN_ID } from '../../../src/contract/entry-id.ts'
import { id } from '../../conformance/fixtures.ts'
import type { Operation } from '../operation.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * Differences in the lag and the entries-read of a group: those of servers before Redis 8, and those that it still has.
 */

/** If a group can get no entries, or all of them, its lag is that number. */
export async function lagOfWhatThereIs(operation: Operation, turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  const groups = groupsIn(operation, answer)
  if (groups.length === 0 || !('stream' in operation)) return answer
  const { length, firstId, maxDeletedId } = (await countersOn(turn, operation.stream)).stream
  for (const group of groups) {
    if (length === 0) group.lag = 0
    else if (id(group.lastDeliveredId) < firstId && maxDeletedId < firstId) group.lag = length
  }
  return answer
}

interface AnsweredGroup {
  readonly lastDeliveredId: string
  lag: number | null
}

function groupsIn({ kind }: Operation, answer: unknown): AnsweredGroup[] {
  if (kind === 'listGroups' || kind === 'describeStream')
    return (answer as { groups: AnsweredGroup[] }).groups
  const isGroup = kind === 'getGroup' || kind === 'ensureGroup' || kind === 'updateGroup'
  return isGroup ? [answer as AnsweredGroup] : []
}

/** Counts each entry from the one before it, or from the stream's counters if entries in between may be missing. */
export async function recount(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'readGroups') return run(operation)
  const missing = await turn.missing()
  if (missing !== null) throw missing
  const names = operation.streams.filter(({ after }) => after === undefined).map(({ stream }) => stream)
  const before = new Map<string, Counters>()
  for (const stream of names) before.set(stream, await countersOn(turn, stream))
  const answer = (await run(operation)) as { streams: { stream: string; entries: { id: string }[] }[] }
  for (const { stream, entries } of answer.streams) {
    const counters = before.get(stream)
    if (counters === undefined) continue
    const read = countRead(counters, operation.group, entries)
    const { groups } = await countersOn(turn, stream)
    const counted = groups.find(({ name }) => name === operation.group)
    if (counted !== undefined && counted.entriesRead !== read) await setRead(turn, stream, counted, read)
  }
  return answer
}

function countRead({ stream, groups }: Counters, group: string, entries: { id: string }[]): number | null {
  const counted = groups.find(({ name }) => name === group)
  let read = counted?.entriesRead ?? null
  let last = id(counted?.lastDeliveredId ?? '0-0')
  for (const entry of entries) {
    const isTrusted = last >= stream.firstId && !isBeforeDeleted(stream, last)
    read = read !== null && isTrusted ? read + 1 : countUpTo(stream, id(entry.id))
    last = id(entry.id)
  }
  return read
}

/** Whether an entry from this id on was deleted by its id. */
function isBeforeDeleted({ length, firstId, maxDeletedId }: StreamCounters, from: bigint): boolean {
  return length > 0 && maxDeletedId !== MIN_ID && maxDeletedId >= firstId && from <= maxDeletedId
}

/** How many entries were appended up to this one. Null if that is unknown. */
function countUpTo(counters: StreamCounters, entry: bigint): number | null {
  const { length, firstId, lastId, maxDeletedId, entriesAdded } = counters
  if (entry < maxDeletedId) return null
  if (entry === lastId) return entriesAdded
  if (maxDeletedId !== MIN_ID && maxDeletedId >= firstId) return null
  return entry === firstId ? entriesAdded - length + 1 : null
}

export async function capAfterReads(operation: Operation, turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  if (operation.kind !== 'readGroups') return answer
  for (const { stream } of operation.streams) await capAll(turn, stream)
  return answer
}

export async function capAfterLowering(operation: Operation, turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  if (operation.kind === 'setStreamId') await capAll(turn, operation.stream)
  return answer
}

async function capAll(turn: RedisTurn, name: string): Promise<void> {
  const { stream, groups } = await countersOn(turn, name)
  for (const group of groups) {
    if ((group.entriesRead ?? 0) > stream.entriesAdded) await setRead(turn, name, group, stream.entriesAdded)
  }
}

export async function capEntriesRead(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'ensureGroup' && operation.kind !== 'updateGroup') return run(operation)
  if (operation.entriesRead === undefined) return run(operation)
  const [info] = await turn.query(['XINFO', 'STREAM', operation.stream])
  const added = info instanceof Error ? 0 : replies.streamInfo(operation.stream, info).entriesAdded
  return run({ ...operation, entriesRead: Math.min(operation.entriesRead, added) })
}

interface StreamCounters {
  readonly length: number
  readonly firstId: bigint
  readonly lastId: bigint
  readonly maxDeletedId: bigint
  readonly entriesAdded: number
}
interface GroupPlace {
  readonly name: string
  readonly lastDeliveredId: string
  readonly entriesRead: number | null
}
interface Counters {
  readonly stream: StreamCounters
  readonly groups: readonly GroupPlace[]
}

async function countersOn(turn: RedisTurn, name: string): Promise<Counters> {
  const [info, groups] = await turn.query(['XINFO', 'STREAM', name], ['XINFO', 'GROUPS', name])
  const { length, firstId, lastId, maxDeletedId, entriesAdded } = replies.streamInfo(name, info)
  const first = firstId === null ? MIN_ID : id(firstId)
  return {
    stream: { length, firstId: first, lastId: id(lastId), maxDeletedId: id(maxDeletedId), entriesAdded },
    groups: replies.list(groups).map(replies.groupInfo)
  }
}

async function setRead(turn: RedisTurn, stream: string, group: GroupPlace, read: number | null) {
  const position = [group.lastDeliveredId, 'ENTRIESREAD', read ?? -1]
  const [set] = await turn.query(['XGROUP', 'SETID', stream, group.name, ...position])
  replies.good(set)
}
