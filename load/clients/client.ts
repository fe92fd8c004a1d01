import type { Counts } from '../orders.ts'

/** A delivered entry: its id, and the number in its fields. */
export interface Delivered {
  readonly id: string
  readonly number: number
}

/**
 * The requests of producers and consumers, for every contender. A method rejects if the contender refuses its request.
 */
export interface Client {
  /** Creates the stream and its group. */
  open(): Promise<void>
  /** Appends entries, numbered from `first`. Resolves when all are stored. */
  append(first: number, entries: number): Promise<void>
  read(consumer: string, count: number, waitMs: number): Promise<Delivered[]>
  /** The same, but returns only the ids, which takes less processor time. */
  readIds(consumer: string, count: number, waitMs: number): Promise<string[]>
  /** Returns how many of the entries were pending. */
  ack(ids: readonly string[]): Promise<number>
  counts(): Promise<Counts>
  /** Returns the number of entries in the stream. */
  length(): Promise<number>
  close(): void
}
