import type { EntryId } from '../../../contract/entry-id.ts'
import type { Change } from '../change.ts'
import { unlessDamaged } from '../damage.ts'
import { deliveredOnceMore } from '../delivery.ts'
import type { Streams } from '../streams.ts'
import type { GroupDelivery } from './reading.ts'

/**
 * Undoes a delivery that did not reach its consumer. Entries that somebody has acked, claimed or read since
 * stay as they are. Entries delivered for the first time are delivered again; the others go back to their
 * previous owners.
 */
export function undoDelivery(streams: Streams, delivery: GroupDelivery): Change[] {
  const { group } = delivery
  const stream = streams.get(group.stream.name)
  if (stream?.groups.get(group.name) !== group) return []
  const ref = { stream: stream.name, group: group.name }
  const released = delivery.newIds.filter((id) =>
    delivery.noAck ? group.pending.get(id) === undefined : isUntouched(delivery, id, 1)
  )
  const handedBack = new Map<string, Claim[]>()
  const nacks: Nacked[] = []
  for (const { id, owner, deliveredAt, deliveries } of delivery.redelivered) {
    if (!isUntouched(delivery, id, deliveredOnceMore(deliveries))) continue
    if (owner === null) {
      nacks.push({ id, dueAt: deliveredAt, deliveries })
      continue
    }
    if (group.consumer(owner.name) !== owner) {
      // With a policy, an entry's deliveries count, even if its last consumer was deleted.
      if (group.policy === null) released.push(id)
      else nacks.push({ id, dueAt: deliveredAt, deliveries })
      continue
    }
    const claims = handedBack.get(owner.name) ?? []
    claims.push({ id, deliveredAt, deliveries })
    handedBack.set(owner.name, claims)
  }
  const changes: Change[] = []
  for (const [consumer, claims] of handedBack) {
    changes.push({ kind: 'claimed', ...ref, consumer, activeAt: null, claims })
  }
  if (nacks.length > 0) changes.push({ kind: 'nacked', ...ref, nacks })
  // Neither entries deleted since nor entries after the group's position are returned: the group reaches the
  // latter anyway. If a damaged block hides whether an entry exists, it does: damage prevents its deletion,
  // and a trim would have removed the whole block.
  const isNext = (id: EntryId) => id <= group.lastDeliveredId && (unlessDamaged(() => stream.has(id)) ?? true)
  const returned = released.filter(isNext)
  const dropped = released.filter((id) => !isNext(id))
  if (returned.length > 0) changes.push({ kind: 'returned', ...ref, ids: returned })
  if (dropped.length > 0) changes.push({ kind: 'acked', ...ref, ids: dropped })
  return changes
}

type Nacked = Extract<Change, { kind: 'nacked' }>['nacks'][number]

interface Claim {
  id: EntryId
  deliveredAt: number
  deliveries: number
}

/** Whether nobody has changed an entry since this delivery. */
function isUntouched({ group, consumer, at }: GroupDelivery, id: EntryId, deliveries: number): boolean {
  const state = group.pending.get(id)
  return (
    state !== undefined &&
    state.owner?.name === consumer &&
    state.deliveredAt === at &&
    state.deliveries === deliveries
  )
}
