import { MIN_ID } from '../../../src/entry-id.ts'
import { id } from '../../conformance/fixtures.ts'
import type { Operation } from '../operation.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * How far a group has come, as Redis 8 counts it (redis-streams.md b6), and where not even that is right.
 */

/** Where there is nothing to deliver, or all there is, the lag is that. */
export async function lagOfWhatThereIs(operation: Operation, turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  const told = groupsIn(operation, answer)
  if (told.length === 0 || !('stream' in operation)) return answer
  const { length, firstId, maxDeletedId } = await streamOn(turn, operation.stream)
  for (const group of told) {
    if (length === 0) group.lag = 0
    else if (id(group.lastDeliveredId) < firstId && maxDeletedId < firstId) group.lag = length
  }
  return answer
}

interface ToldGroup {
  readonly lastDeliveredId: string
  lag: number | null
}

function groupsIn({ kind }: Operation, answer: unknown): ToldGroup[] {
  if (kind === 'listGroups') return answer as ToldGroup[]
  if (kind === 'describeStream') return (answer as { groups: ToldGroup[] }).groups
  const isGroup = kind === 'getGroup' || kind === 'ensureGroup' || kind === 'updateGroup'
  return isGroup ? [answer as ToldGroup] : []
}

/** Each entry is counted on from the one before it, or anew where that would miss some. */
export async function countAnew(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'readGroups') return run(operation)
  const { group } = operation
  const missing = await turn.missing()
  if (missing !== null) throw missing
  const names = operation.streams.filter(({ after }) => after === undefined).map(({ stream }) => stream)
  const before = []
  for (const stream of names) {
    before.push({ counters: await streamOn(turn, stream), place: await groupOn(turn, stream, group) })
  }
  const answer = (await run(operation)) as { streams: { stream: string; entries: { id: string }[] }[] }
  for (const [index, { counters, place }] of before.entries()) {
    const stream = names[index] ?? ''
    const delivered = answer.streams.find((one) => one.stream === stream)?.entries ?? []
    let { entriesRead } = place
    let last = id(place.lastDeliveredId)
    for (const entry of delivered) {
      const isTrusted = last >= counters.firstId && !isBeforeDeleted(counters, last)
      entriesRead = entriesRead !== null && isTrusted ? entriesRead + 1 : countUpTo(counters, id(entry.id))
      last = id(entry.id)
    }
    if (delivered.length > 0) await setEntriesRead(turn, { stream, group }, entriesRead)
  }
  return answer
}

/** Whether an entry from there on was deleted by name. */
function isBeforeDeleted({ length, firstId, maxDeletedId }: StreamCounters, from: bigint): boolean {
  return length > 0 && maxDeletedId !== MIN_ID && maxDeletedId >= firstId && from <= maxDeletedId
}

/** How many entries were appended up to one of them. */
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

async function capAll(turn: RedisTurn, stream: string): Promise<void> {
  const { entriesAdded } = await streamOn(turn, stream)
  const [groups] = await turn.ask(['XINFO', 'GROUPS', stream])
  for (const { name, entriesRead } of replies.list(groups).map(replies.groupInfo)) {
    if ((entriesRead ?? 0) <= entriesAdded) continue
    await setEntriesRead(turn, { stream, group: name }, entriesAdded)
  }
}

export async function capEntriesRead(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'ensureGroup' && operation.kind !== 'updateGroup') return run(operation)
  if (operation.entriesRead === undefined) return run(operation)
  const [info] = await turn.ask(['XINFO', 'STREAM', operation.stream])
  const added = info instanceof Error ? 0 : replies.streamInfo(operation.stream, info).entriesAdded
  return run({ ...operation, entriesRead: Math.min(operation.entriesRead, added) })
}

type StreamCounters = Awaited<ReturnType<typeof streamOn>>

async function streamOn(turn: RedisTurn, stream: string) {
  const [info] = await turn.ask(['XINFO', 'STREAM', stream])
  const { length, firstId, lastId, maxDeletedId, entriesAdded } = replies.streamInfo(stream, info)
  const first = firstId === null ? MIN_ID : id(firstId)
  return { length, firstId: first, lastId: id(lastId), maxDeletedId: id(maxDeletedId), entriesAdded }
}

interface GroupNames {
  readonly stream: string
  readonly group: string
}

async function groupOn(turn: RedisTurn, stream: string, group: string) {
  const [groups] = await turn.ask(['XINFO', 'GROUPS', stream])
  const found = replies.list(groups).map(replies.groupInfo)
  const named = found.find(({ name }) => name === group)
  if (named === undefined) throw new Error(`Redis has no group "${group}"`)
  return named
}

async function setEntriesRead(turn: RedisTurn, { stream, group }: GroupNames, read: number | null) {
  const { lastDeliveredId } = await groupOn(turn, stream, group)
  const [set] = await turn.ask([
    ...['XGROUP', 'SETID', stream, group, lastDeliveredId],
    ...['ENTRIESREAD', read ?? -1]
  ])
  replies.good(set)
}
