import { formatId, MAX_ID } from '../../../src/contract/entry-id.ts'
import type { Mismatch } from '../mismatch.ts'
import type { Operation, OperationOf } from '../operation.ts'
import { allPending, deliveriesOf } from '../redis/pending.ts'
import * as replies from '../redis/replies.ts'
import type { RedisTurn } from '../redis/turn.ts'
import type { Run } from './difference.ts'

/*
 * Differences in what a group delivers to a consumer, and in what the delivery contains.
 */

interface Delivered {
  readonly streams: { stream: string; entries: { id: string; fields: object | null }[] }[]
}

/** Takes the counts from the pending entries afterwards. New entries that are read without ack are delivered once. */
export async function addDeliveries(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'readGroups') return run(operation)
  const { group, noAck } = operation
  const { streams } = (await run(operation)) as Delivered
  const pending = await turn.query(...streams.map(({ stream }) => allPending({ stream, group })))
  return {
    streams: streams.map(({ stream, entries }, index) => {
      const deliveries = deliveriesOf(pending[index])
      const isNew = operation.streams.some((one) => one.stream === stream && one.after === undefined)
      const countOf = ({ id }: { id: string }) => (isNew && noAck ? 1 : deliveries.get(id))
      return { stream, entries: entries.map((entry) => ({ ...entry, deliveries: countOf(entry) })) }
    })
  }
}

export async function leaveOutEmpty(operation: Operation, _turn: RedisTurn, run: Run) {
  if (operation.kind !== 'readGroups') return run(operation)
  const { streams } = (await run(operation)) as { streams: { entries: unknown[] }[] }
  return { streams: streams.filter(({ entries }) => entries.length > 0) }
}

export async function readNothingAfterHighest(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'readGroups') return run(operation)
  const { group, consumer } = operation
  const streams = operation.streams.filter(({ after }) => after !== formatId(MAX_ID))
  const passed = operation.streams.filter(({ after }) => after === formatId(MAX_ID))
  const missing = passed.length === 0 ? null : await turn.missing()
  if (missing !== null) throw missing
  // The read still creates the consumer, and sets when it was seen. A claim of no entries does both.
  const see = ({ stream }: { stream: string }) => ['XCLAIM', stream, group, consumer, 0, '0-0', 'JUSTID']
  if (passed.length > 0) await turn.execute(...passed.map(see))
  return streams.length === 0 ? { streams } : run({ ...operation, streams })
}

/** A delivery time of 1970 has the same meaning on both. */
export async function idleSince1970(operation: Operation, _turn: RedisTurn, run: Run) {
  if (operation.kind !== 'claimEntries' || operation.idleMs === undefined) return run(operation)
  const { idleMs, ...request } = operation
  return run(idleMs > Date.now() ? { ...request, deliveredAt: 0 } : operation)
}

/** Reads the entries that have been idle long enough, longest first, and then new ones. */
export async function claimIdle(operation: Operation, turn: RedisTurn, run: Run) {
  if (operation.kind !== 'readGroups' || operation.claimIdleMs === undefined) return run(operation)
  const { claimIdleMs, ...request } = operation
  const missing = await turn.missing()
  if (missing !== null) throw missing
  const read: { stream: string; entries: object[] }[] = []
  for (const one of request.streams) {
    const { count } = request
    const claimed = one.after === undefined ? await claimedOf(operation, one.stream, turn) : []
    const rest = { ...request, streams: [one], count: count - claimed.length }
    const fresh = rest.count === 0 ? { streams: [] } : ((await run(rest)) as Delivered)
    const entries = [...claimed, ...fresh.streams.flatMap(({ entries }) => entries)]
    read.push({ stream: one.stream, entries })
  }
  return { streams: read }
}

async function claimedOf(
  { group, consumer, claimIdleMs = 0, count }: OperationOf<'readGroups'>,
  stream: string,
  turn: RedisTurn
) {
  const page = ['XPENDING', stream, group, 'IDLE', claimIdleMs, '-', '+', 100_000]
  const idle = replies.list(await turn.executeOne(page)).map(replies.pendingEntry)
  const found = await turn.query(...idle.map(({ id }) => ['XRANGE', stream, id, id]))
  const existing = idle.flatMap(({ consumer: _, ...state }, index) =>
    replies.entries(found[index]).map(({ fields }) => ({ ...state, fields }))
  )
  const next = existing.sort((a, b) => b.idleMs - a.idleMs).slice(0, count)
  if (next.length > 0)
    await turn.executeOne(['XCLAIM', stream, group, consumer, 0, ...next.map(({ id }) => id)])
  return next.map((state) => ({ ...state, deliveries: state.deliveries + 1 }))
}

export function explainsEarlierCount({ path, weirParent }: Mismatch, operation: Operation): boolean {
  if (operation.kind !== 'claimEntries' || path.at(-1) !== 'deliveries') return false
  return operation.ids.filter((id) => id === weirParent['id']).length > 1
}
