/**
 * How a group treats entries that are not acked. All members are optional. A group without a policy keeps its
 * pending entries until somebody acks or claims them.
 */
export interface DeliveryPolicy {
  /**
   * The length of a lease, in milliseconds. A pending entry that was not acked, nacked or extended for so long
   * *falls due*: the next reader of the group gets it. Absent: pending entries never fall due by themselves.
   */
  readonly ackTimeoutMs?: number
  /** An entry whose delivery has failed this often is dead. Absent: it is delivered again without end. */
  readonly maxDeliveries?: number
  /**
   * `retryDelaysMs[n]` is the time between the failure number n + 1 by a nack and the next delivery, in
   * milliseconds; the last one repeats. Each is varied at random by up to a tenth. Absent: no delay.
   */
  readonly retryDelaysMs?: readonly number[]
  /**
   * Entries that die are moved to this stream, which is created if necessary. Of those that die by one request, at
   * least the first 16 MiB are moved; the others stay dead in the group. Absent: all of them stay there.
   */
  readonly deadLetterStream?: string
  /** The dead-letter stream is trimmed to this number of entries when an entry is moved there. */
  readonly deadLetterMaxLength?: number
  /** Consumers that hold nothing and were not seen for this long are deleted. Milliseconds. */
  readonly consumerTtlMs?: number
  /** While the group's consumers hold this many entries, nobody gets new ones. */
  readonly maxPending?: number
  /** A consumer that holds this many entries gets no new ones. */
  readonly maxPendingPerConsumer?: number
}

/** The least and the greatest value of each member of a policy, and of what a nack may say. */
export const POLICY_LIMITS = {
  ackTimeoutMs: [100, 12 * 3_600_000],
  maxDeliveries: [1, 1_000_000],
  retryDelays: [1, 32],
  delayMs: [0, 24 * 3_600_000],
  deadLetterMaxLength: [1, 1_000_000_000],
  consumerTtlMs: [60_000, 30 * 86_400_000],
  maxPending: [1, 100_000_000],
  /** Bytes of UTF-8. */
  reasonBytes: [0, 1024]
} as const

/** How much longer leases last that began before the engine was started, since nobody could extend them. */
export const LEASE_AFTER_RESTART_MS = 30_000

/** A call of `extendEntries` without ids extends at most this many entries. */
export const EXTEND_AT_ONCE = 1000

/** At most this many ids are in `missing` of a redrive. */
export const MAX_MISSING = 1000

/** The reasons of entries that died without a worker's word. */
export const DEATH_REASONS = {
  timeout: 'Not acked in time',
  claimed: 'Claimed after its last delivery',
  reread: 'Read again after its last delivery',
  limit: 'Delivered too often for a new delivery policy'
} as const

/** The names of the fields that a dead letter has besides those of its entry. */
export const LETTER_FIELDS = {
  stream: 'weir.stream',
  group: 'weir.group',
  /** The id of the original entry. */
  id: 'weir.id',
  deliveries: 'weir.deliveries',
  /** The last consumer. Absent if it was in nobody's hands. */
  consumer: 'weir.consumer',
  /** Absent if the worker gave none. */
  reason: 'weir.reason',
  /** Milliseconds since the epoch. */
  deadAt: 'weir.deadAt'
} as const
