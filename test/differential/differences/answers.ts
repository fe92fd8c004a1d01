import type { Operation } from '../operation.ts'
import { allPending } from '../redis/pending.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * What Weir answers more than Redis does, or less.
 */

export async function ackWithNames(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'ack') return run(operation)
  const { consumer } = operation
  const [pending] = await turn.ask(allPending(operation))
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
    groups: groups.map((group) => ({ ...group, consumers: group.consumers.slice(0, limit) }))
  }
}
