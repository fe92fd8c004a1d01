import type { StreamSummary } from '../api/answers.ts'

/** A stream in the overview. */
export interface Row extends StreamSummary {
  /** Entries appended per second. Null if not yet known. */
  readonly perSecond: number | null
}

export type Order = 'name' | 'length' | 'size' | 'rate' | 'groups' | 'last'
export const ORDERS = [
  { by: 'name', text: 'Name', isNumber: false },
  { by: 'length', text: 'Entries', isNumber: true },
  { by: 'size', text: 'Size', isNumber: true },
  { by: 'rate', text: 'Appended / s', isNumber: true },
  { by: 'groups', text: 'Groups', isNumber: true },
  { by: 'last', text: 'Last entry', isNumber: true }
] as const

/** Polls that are closer together are skipped, because a rate over so little time is not meaningful. */
const MIN_MS = 500
/** Polling was paused between two polls that are further apart. */
const MAX_MS = 15_000

/** How fast each stream grows, computed from successive polls. */
export class StreamRates {
  #at = 0
  #added = new Map<string, number>()
  #perSecond = new Map<string, number>()
  #total = 0

  /** How many entries were appended to all streams since the first poll. Deleting a stream does not decrease it. */
  get total(): number {
    return this.#total
  }

  add(at: number, streams: readonly StreamSummary[]): void {
    const ms = at - this.#at
    if (this.#at > 0 && ms < MIN_MS) return
    const isRecent = this.#at > 0 && ms <= MAX_MS
    const perSecond = new Map<string, number>()
    for (const { name, entriesAdded } of streams) {
      // A stream that the previous poll did not find was created since then.
      const grown = entriesAdded - (this.#added.get(name) ?? 0)
      if (!isRecent || grown < 0) continue
      perSecond.set(name, (grown * 1000) / ms)
      this.#total += grown
    }
    this.#added = new Map(streams.map(({ name, entriesAdded }) => [name, entriesAdded]))
    this.#perSecond = perSecond
    this.#at = at
  }

  of(name: string): number | null {
    return this.#perSecond.get(name) ?? null
  }
}

/** Filters and sorts the rows. Rows that compare as equal are ordered by name. */
export function rowsOf(
  streams: readonly StreamSummary[],
  rates: StreamRates,
  wanted: { prefix: string; by: Order; isDown: boolean }
): Row[] {
  const rows = streams
    .filter(({ name }) => name.startsWith(wanted.prefix))
    .map((stream) => ({ ...stream, perSecond: rates.of(stream.name) }))
  const { by, isDown } = wanted
  if (by === 'name') return isDown ? rows.reverse() : rows
  return rows.sort((a, b) => (isDown ? -1 : 1) * (keyOf(a, by) - keyOf(b, by)))
}

function keyOf(row: Row, by: Exclude<Order, 'name'>): number {
  switch (by) {
    case 'length':
      return row.length
    case 'size':
      return row.sizeBytes
    case 'rate':
      return row.perSecond ?? -1
    case 'groups':
      return row.groups
    case 'last':
      return Number(row.lastId.split('-')[0])
  }
}
