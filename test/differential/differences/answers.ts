import type { Operation } from '../operation.ts'
import { allPending } from '../redis/pending.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * Differences in what answers contain.
 */

export async function ackWithNames(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'ackEntries') return run(operation)
  const { consumer } = operation
  const [pending] = await turn.query(allPending(operation))
  const owners = new Map(
    replies.list(pending).map((one) => {
      const { id, consumer } = replies.pendingEntry(one)
      return [id, consumer]
    })
  )
  const isOwned = (id: string) => (consumer === undefined ? owners.has(id) : owners.get(id) === consumer)
  const ids = operation.ids.filter(isOwned)
  const notPending = [...new Set(operation.ids)].filter((id) => !isOwned(id))
  if (consumer !== undefined && ids.length === 0) return { acked: 0, notPending }
  const answer = (await run(consumer === undefined ? operation : { ...operation, ids })) as object
  return { ...answer, notPending }
}

export async function cutLists(operation: Operation, _turn: RedisTurn, run: Run) {
  if (operation.kind !== 'describeStream') return run(operation)
  const { limit } = operation
  const described = (await run(operation)) as { groups: { consumers: unknown[] }[] }
  const groups = described.groups.slice(0, limit)
  return {
    ...described,
    // Programs are so small that no answer reaches its size limit.
    truncated: false,
    groups: groups.map((group) => ({ ...group, consumers: group.consumers.slice(0, limit) }))
  }
}

export async function withSize(operation: Operation, turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  if (!isObject(answer) || !('entriesAdded' in answer) || !('stream' in operation)) return answer
  const [all] = await turn.query(['XRANGE', operation.stream, '-', '+'])
  const sizes = replies.entries(all).map(({ fields }) => Buffer.byteLength(JSON.stringify(fields)))
  return { ...answer, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) }
}

export async function withOldest(operation: Operation, turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  if (operation.kind === 'listGroups') {
    const groups: object[] = []
    for (const group of (answer as { groups: { name: string }[] }).groups) {
      groups.push({ ...group, oldestPendingMs: await oldestPendingMs(turn, operation.stream, group.name) })
    }
    return { groups }
  }
  const { kind } = operation
  if (kind !== 'getGroup' && kind !== 'ensureGroup' && kind !== 'updateGroup') return answer
  const oldest = await oldestPendingMs(turn, operation.stream, operation.group)
  return { ...(answer as object), oldestPendingMs: oldest }
}

/** Programs set no policies and nack nothing. */
export async function withoutPolicy(operation: Operation, _turn: RedisTurn, run: Run) {
  const answer = await run(operation)
  const { kind } = operation
  if (kind === 'listPending') return (answer as object[]).map((entry) => ({ ...entry, state: 'leased' }))
  const none = { delayed: 0, dead: 0, delivery: null }
  if (kind === 'listGroups')
    return { groups: (answer as { groups: object[] }).groups.map((group) => ({ ...group, ...none })) }
  if (kind !== 'getGroup' && kind !== 'ensureGroup' && kind !== 'updateGroup') return answer
  return { ...(answer as object), ...none }
}

async function oldestPendingMs(turn: RedisTurn, stream: string, group: string): Promise<number | null> {
  const [pending, all] = await turn.execute(allPending({ stream, group }), ['XRANGE', stream, '-', '+'])
  const existing = new Set(replies.entries(all).map(({ id }) => id))
  const claimable = replies
    .list(pending)
    .map(replies.pendingEntry)
    .filter(({ id }) => existing.has(id))
  return claimable.length === 0 ? null : Math.max(...claimable.map(({ idleMs }) => idleMs))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
