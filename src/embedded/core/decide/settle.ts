import type { GroupReadPlace, Settled } from '../../../contract/deliveries.ts'
import { type EntryId, formatId } from '../../../contract/entry-id.ts'
import type { Change } from '../change.ts'
import type { Group } from '../group.ts'
import type { Deaths } from './deaths.ts'
import { isOwnedBy, Nacking, type Random } from './nacks.ts'
import { mayAck } from './pending.ts'

/** What a reader does with entries that it owns, before it reads more. */
export interface Settlement {
  readonly settled: Settled
  /** Without the deaths. */
  readonly changes: readonly Change[]
  /** Ids as texts. They are not delivered by the same request. */
  readonly ids: ReadonlySet<string>
  /** How many of them the consumer owned. */
  readonly released: number
}

/** Settles nothing. */
export const NO_SETTLEMENT: Settlement = {
  settled: { acked: 0, nacked: 0, notPending: [] },
  changes: [],
  ids: new Set(),
  released: 0
}

/** Whether a request settles an entry, so that it does not deliver it. */
export function isSettled({ ids }: Settlement, id: EntryId): boolean {
  return ids.size > 0 && ids.has(formatId(id))
}

export function hasSettlement({ ack, nack }: GroupReadPlace): boolean {
  return ack !== undefined || nack !== undefined
}

/** Of an id that is named twice, the first counts. */
export function settle(
  group: Group,
  consumer: string,
  { ack = [], nack = [] }: GroupReadPlace,
  { deaths, now, random }: { readonly deaths: Deaths; readonly now: number; readonly random: Random }
): Settlement {
  const ids = new Set<string>()
  const notPending: EntryId[] = []
  const acked: EntryId[] = []
  let released = 0
  let nacked = 0
  for (const id of ack) {
    const text = formatId(id)
    if (ids.has(text) || !mayAck(group, id, consumer)) {
      notPending.push(id)
      continue
    }
    ids.add(text)
    acked.push(id)
    if (!group.dead.has(id)) released++
  }
  const nacking = new Nacking(group, deaths, now, random)
  for (const { ids: nackIds, ...how } of nack) {
    for (const id of nackIds) {
      const text = formatId(id)
      const state = ids.has(text) ? undefined : group.pending.get(id)
      if (state === undefined || !isOwnedBy(state, consumer)) {
        notPending.push(id)
        continue
      }
      ids.add(text)
      nacking.add(state, how)
      nacked++
      released++
    }
  }
  const changes = nacking.changes()
  const ref = { stream: group.stream.name, group: group.name }
  if (acked.length > 0) changes.unshift({ kind: 'acked', ...ref, ids: acked })
  return { settled: { acked: acked.length, nacked, notPending }, changes, ids, released }
}
