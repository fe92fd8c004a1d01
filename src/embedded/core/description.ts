import { MAX_ID, MIN_ID } from '../../contract/entry-id.ts'
import type { GroupDescription, StreamDescription } from '../../contract/streams.ts'
import { AnswerBudget } from './answer-budget.ts'
import type { Consumer } from './consumer.ts'
import type { Group } from './group.ts'
import type { PendingState } from './pending/pending-list.ts'
import type { Stream } from './stream.ts'
import { groupPosition, streamInfo } from './view.ts'

/** Maximum number of entries, groups, consumers and pending entries in a description, all together. */
const MAX_ITEMS = 5000
/** A UTF-16 code unit is at most three bytes of UTF-8. */
const UNIT_BYTES = 3

/**
 * Everything about a stream. Each list is cut at `limit`. Once the description is full, the remaining lists
 * are empty.
 */
export function streamDescription(stream: Stream, limit: number): StreamDescription {
  const items = new Items()
  const { groups: _count, ...info } = streamInfo(stream)
  for (const entry of [info.firstEntry, info.lastEntry]) items.count(entry?.fields.length ?? 0)
  const found = stream.range(MIN_ID, MAX_ID, limit)
  const entries = items.take(found, limit, ({ fields }) => fields.length)
  // The range may have ended because the answer is full.
  const missing = found.length < Math.min(limit, stream.length)
  const groups: GroupDescription[] = []
  for (const group of items.each(stream.groups.from(''), limit, sizeOfName)) {
    groups.push(describedGroup(group, limit, items))
  }
  return { ...info, entries, groups, truncated: missing || items.areTruncated }
}

function describedGroup(group: Group, limit: number, items: Items): GroupDescription {
  const sizeOf = ({ owner }: PendingState) => UNIT_BYTES * (owner?.name.length ?? 0)
  const pendingEntries = items
    .take(group.pending.ascend(MIN_ID), limit, sizeOf)
    .map(({ id, owner, deliveredAt, deliveries }) => ({
      id,
      consumer: owner?.name ?? null,
      deliveredAt,
      deliveries
    }))
  const consumers: GroupDescription['consumers'] = []
  for (const consumer of items.each(group.consumers.from(''), limit, sizeOfName)) {
    consumers.push(describedConsumer(group, consumer, limit, items))
  }
  return { ...groupPosition(group), pendingEntries, consumers }
}

function describedConsumer(group: Group, consumer: Consumer, limit: number, items: Items) {
  const { name, seenAt, activeAt } = consumer
  const pending = group.pending.sizeOf(consumer)
  const pendingEntries = items
    .take(group.pending.ascend(MIN_ID, consumer), limit, () => 0)
    .map(({ id, deliveredAt, deliveries }) => ({ id, deliveredAt, deliveries }))
  return { name, pending, seenAt, activeAt, pendingEntries }
}

function sizeOfName({ name }: { readonly name: string }): number {
  return UNIT_BYTES * name.length
}

/** Counts the items of a description. Items that do not fit are not visited. */
class Items {
  #left = MAX_ITEMS
  readonly #budget = new AnswerBudget()
  /** Whether some items did not fit. */
  areTruncated = false

  count(bytes: number): void {
    this.#budget.take(bytes)
  }

  /** Yields at most `limit` items, and only as many as fit. */
  *each<T>(items: Iterable<T>, limit: number, sizeOf: (item: T) => number): Generator<T, undefined> {
    let count = 0
    for (const item of items) {
      if (count === limit) return
      if (this.#left === 0 || !this.#budget.take(sizeOf(item))) {
        this.areTruncated = true
        return
      }
      this.#left--
      count++
      yield item
    }
  }

  take<T>(items: Iterable<T>, limit: number, sizeOf: (item: T) => number): T[] {
    return [...this.each(items, limit, sizeOf)]
  }
}
