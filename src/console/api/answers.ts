/* What the operations that the console uses answer with. */

export interface Entry {
  readonly id: string
  readonly fields: Readonly<Record<string, string>>
  /** The names of fields whose values are base64: a native Redis client wrote bytes that are no text. */
  readonly base64?: readonly string[]
  /** The names of fields that are base64 themselves. */
  readonly base64Names?: readonly string[]
}

export interface EntryPage {
  readonly entries: readonly Entry[]
  /** Where the next page continues. */
  readonly next: string
}

export interface StreamSummary {
  readonly name: string
  readonly length: number
  /** Of its entries; on Redis an estimate of all that the stream takes. */
  readonly sizeBytes: number
  readonly lastId: string
  readonly entriesAdded: number
  readonly groups: number
}

export interface Stream extends StreamSummary {
  readonly firstId: string | null
  readonly maxDeletedId: string
}

export interface Group {
  readonly name: string
  readonly consumers: number
  readonly pending: number
  readonly lastDeliveredId: string
  /** Null where it cannot be known, as is `lag`. */
  readonly entriesRead: number | null
  readonly lag: number | null
  /** How long the entry has been idle that has been so longest; null where there is none, or too many to tell. */
  readonly oldestPendingMs: number | null
}

export interface Consumer {
  readonly name: string
  readonly pending: number
  readonly idleMs: number
  /** Null for never. */
  readonly inactiveMs: number | null
}

export interface PendingEntry {
  readonly id: string
  readonly consumer: string
  readonly idleMs: number
  readonly deliveries: number
}

export interface DeliveredEntry {
  readonly id: string
  /** Null when the entry was deleted while it was pending; left out when only ids were asked for. */
  readonly fields?: Readonly<Record<string, string>> | null
  readonly deliveries: number
}
