import type { OperationOf } from '../operation.ts'
import type { Command, Reply } from './connection.ts'
import { option } from './entries.ts'
import * as replies from './replies.ts'
import type { RedisTurn } from './turn.ts'

/*
 * Operations on pending entries, as the equivalent commands of Redis.
 */

interface GroupNames {
  readonly stream: string
  readonly group: string
}

/** Redis returns only the number of acked entries. */
export async function ackEntries(turn: RedisTurn, { stream, group, ids }: OperationOf<'ackEntries'>) {
  return { acked: replies.count(await turn.executeOne(['XACK', stream, group, ...ids])) }
}

export async function listPending(turn: RedisTurn, request: OperationOf<'listPending'>) {
  const { stream, group, from, to, limit, consumer, minIdleMs } = request
  const page = ['IDLE', minIdleMs, from, to, limit, ...(consumer === undefined ? [] : [consumer])]
  return replies.list(await turn.executeOne(['XPENDING', stream, group, ...page])).map(replies.pendingEntry)
}

export async function getPendingSummary(turn: RedisTurn, { stream, group }: GroupNames) {
  const [total, first, last, consumers] = replies.list(await turn.executeOne(['XPENDING', stream, group]))
  return {
    count: replies.count(total),
    firstId: first,
    lastId: last,
    consumers: replies.list(consumers).map((one) => {
      const [name, pending] = replies.list(one)
      return { name: replies.text(name), count: replies.count(pending) }
    })
  }
}

export async function claimEntries(turn: RedisTurn, request: OperationOf<'claimEntries'>) {
  const { stream, group, consumer, ids, minIdleMs, idleMs, deliveredAt, deliveries, lastId } = request
  const options: Command = [
    ...option('IDLE', idleMs),
    ...option('TIME', deliveredAt),
    ...option('RETRYCOUNT', deliveries),
    ...(request.force ? ['FORCE'] : []),
    ...(request.justIds ? ['JUSTID'] : []),
    ...option('LASTID', lastId)
  ]
  const pending = allPending(request)
  const [before, claimed, after] = await turn.execute(
    pending,
    ['XCLAIM', stream, group, consumer, minIdleMs, ...ids, ...options],
    pending
  )
  const entries = claimedEntries(request, replies.list(claimed), after)
  const left = new Set(replies.list(after).map((one) => replies.pendingEntry(one).id))
  const wasPending = new Set(replies.list(before).map((one) => replies.pendingEntry(one).id))
  const wasDropped = (id: string) => wasPending.has(id) && !left.has(id)
  return { entries, deletedIds: [...new Set(ids)].filter(wasDropped) }
}

export async function autoClaimEntries(turn: RedisTurn, request: OperationOf<'autoClaimEntries'>) {
  const { stream, group, consumer, minIdleMs, from, count, justIds } = request
  const options = ['COUNT', count, ...(justIds ? ['JUSTID'] : [])]
  const [claimed, after] = await turn.execute(
    ['XAUTOCLAIM', stream, group, consumer, minIdleMs, from, ...options],
    allPending(request)
  )
  const [next, entries, deleted] = replies.list(claimed)
  return {
    entries: claimedEntries(request, replies.list(entries), after),
    deletedIds: replies.list(deleted).map(replies.text),
    next: replies.text(next)
  }
}

export function allPending({ stream, group }: GroupNames): Command {
  return ['XPENDING', stream, group, '-', '+', 100_000]
}

/** Claims of Redis return no delivery counts, so they are taken from the pending entries afterwards. */
function claimedEntries(request: { readonly justIds: boolean }, claimed: Reply[], after: Reply | undefined) {
  const deliveries = deliveriesOf(after)
  return claimed.map((one) => {
    const entry = request.justIds ? { id: replies.text(one) } : replies.entry(one)
    return { ...entry, deliveries: deliveries.get(entry.id) }
  })
}

/** The delivery count of each pending entry, keyed by id. */
export function deliveriesOf(pending: Reply | undefined): Map<string, number> {
  return new Map(
    replies.list(pending).map((one) => {
      const { id, deliveries } = replies.pendingEntry(one)
      return [id, deliveries]
    })
  )
}
