import type { Counts } from '../orders.ts'

/** An entry as a consumer gets it: its id, and the number that it was appended with. */
export interface Delivered {
  readonly id: string
  readonly number: number
}

/**
 * What producers and consumers ask of a contender, whichever way they speak to it. Whatever is refused rejects.
 */
export interface Client {
  /** Makes the stream and its group. */
  open(): Promise<void>
  /** Appends entries with the numbers from `first` on; resolves when all are kept. */
  append(first: number, entries: number): Promise<void>
  read(consumer: string, count: number, waitMs: number): Promise<Delivered[]>
  /** The same for whoever needs nothing but the ids. */
  readIds(consumer: string, count: number, waitMs: number): Promise<string[]>
  /** How many were pending. */
  ack(ids: readonly string[]): Promise<number>
  counts(): Promise<Counts>
  /** How many entries the stream has. */
  length(): Promise<number>
  close(): void
}
