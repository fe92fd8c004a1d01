import type { DeliveredEntry, ReadGroupsRequest } from '../../contract/deliveries.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { Reply } from '../connection/client.ts'
import type { UndoArguments } from '../scripts/generated.ts'
import type { Part } from './answer-budget.ts'
import { contentOf } from './fields.ts'
import * as replies from './replies.ts'

/** What one stream gave to a consumer, as far as it takes to undo it. */
export interface GroupDelivery {
  readonly stream: string
  readonly group: string
  readonly consumer: string
  /** It was done between these two moments of Redis' clock. */
  readonly began: string
  readonly ended: string
  readonly noAck: boolean
  /**
   * What was delivered for the first time. The ids alone, since they may be kept for as long as the reader's connection
   * lives. They become text only when the delivery is undone.
   */
  readonly fresh: readonly EntryId[]
  /** What was pending before: id, owner, delivered at, deliveries. */
  readonly again: readonly (readonly [string, string, string, string])[]
}

/** What one stream had for a reader. */
export interface Taken extends Part {
  readonly stream: string
  readonly entries: DeliveredEntry[]
  /** One for each read that it took. */
  readonly given: readonly GroupDelivery[]
  /** The stream's last id, when there was nothing. */
  readonly lastId?: EntryId
  /** What a look for idle entries has found: see `IdleTimes`. */
  readonly look: { readonly from: string; readonly oldestMs: number | null }
}

type Reader = Pick<ReadGroupsRequest, 'group' | 'consumer' | 'noAck'> & { readonly stream: string }

/** Of the script READ_GROUP. */
export function taken(reply: Reply, reader: Reader): Taken {
  const [began, ended, fresh, again, from, lastId, oldest, cut] = replies.list(reply)
  const repeated = replies.list(again).map((one) => {
    const [entry, owner, deliveredAt, deliveries, idle] = replies.list(one)
    const known = replies.entry(entry)
    return {
      entry: { ...known, deliveries: onceMore(deliveries), idleMs: replies.count(idle) },
      before: [formatId(known.id), String(owner), String(deliveredAt), String(deliveries)] as const
    }
  })
  const news = replies.entries(fresh)
  const given = {
    ...reader,
    began: String(began),
    ended: String(ended),
    fresh: news.map(({ id }) => id),
    again: repeated.map(({ before }) => before)
  }
  return {
    stream: reader.stream,
    entries: [...repeated.map(({ entry }) => entry), ...news.map((entry) => ({ ...entry, deliveries: 1 }))],
    isCut: cut !== null,
    given: [given],
    look: { from: String(from), oldestMs: oldest === null ? null : replies.count(oldest) },
    ...(lastId !== null && { lastId: replies.id(lastId) })
  }
}

/** Of the script READ_OWN. What was deleted is shown, but not delivered once more. */
export function takenOwn(reply: Reply, reader: Reader): Taken {
  const [began, ended, own, states, cut] = replies.list(reply)
  const before = replies.list(states).map(replies.texts)
  const again: (readonly [string, string, string, string])[] = []
  const entries = replies.list(own).map((one, index) => {
    const [id, fields] = replies.list(one)
    const [deliveredAt = '', deliveries = '0'] = before[index] ?? []
    const isThere = Array.isArray(fields)
    if (isThere) again.push([String(id), reader.consumer, deliveredAt, deliveries])
    return {
      ...(isThere ? contentOf(fields) : { fields: null }),
      id: replies.id(id),
      deliveries: isThere ? onceMore(deliveries) : replies.count(deliveries)
    }
  })
  const given = { ...reader, began: String(began), ended: String(ended), fresh: [], again }
  const { stream } = reader
  return { stream, entries, isCut: cut !== null, given: [given], look: { from: '-', oldestMs: null } }
}

/** Deliveries with the one that is answered. */
function onceMore(deliveries: Reply | undefined): number {
  return replies.count(replies.count(deliveries) + 1)
}

/** What two reads of the same stream have given, one after the other. */
export function takenBoth(first: Taken, second: Taken): Taken {
  return {
    ...second,
    entries: [...first.entries, ...second.entries],
    given: [...first.given, ...second.given]
  }
}

/** For the script UNDO. */
export function undoArgs(given: GroupDelivery): UndoArguments {
  const { group, consumer, began, ended, noAck, fresh, again } = given
  const ids = [...fresh.map(formatId), ...again.flat()]
  return { group, consumer, began: Number(began), ended: Number(ended), noAck, fresh: fresh.length, ids }
}

export function isNothing({ fresh, again }: GroupDelivery): boolean {
  return fresh.length === 0 && again.length === 0
}
