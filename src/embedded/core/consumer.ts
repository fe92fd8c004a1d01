import type { SlotList } from './slot-list.ts'

/** A consumer of a group. Moments are milliseconds since the epoch. */
export interface Consumer {
  readonly name: string
  /** Tells it from every other consumer that the group has or had. */
  readonly number: number
  /** When it last tried to read or claim. */
  seenAt: number
  /** When it was last given an entry; null for never. */
  activeAt: number | null
  /** What it owns, by id. Only the group's pending list alters this. */
  readonly pending: SlotList
}
