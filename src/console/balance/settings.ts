import type { DeliveryPolicy } from '../api/answers.ts'

/** The settings of a balance. */
export interface Settings {
  readonly rate: number
  readonly batch: number
  readonly workMs: number
  /** Undefined: entries are claimed only by hand. Not used with `ackTimeoutMs`. */
  readonly claimIdleMs: number | undefined
  /** Undefined: workers have no time limit. */
  readonly ackTimeoutMs: number | undefined
  /** Undefined: entries are delivered again without end. */
  readonly maxDeliveries: number | undefined
  /** One in this number of new entries is poison, which workers cannot process. 0: none, and workers can. */
  readonly poisonEvery: number
}

export const FIRST_SETTINGS: Settings = {
  rate: 0,
  batch: 50,
  workMs: 50,
  claimIdleMs: undefined,
  ackTimeoutMs: undefined,
  maxDeliveries: undefined,
  poisonEvery: 0
}

/** How long an entry that a worker could not process waits for its next delivery. */
export const RETRY_DELAY_MS = 500

/** The delivery policy of the group. Without members, it has none. */
export function policyOf({ ackTimeoutMs, maxDeliveries }: Settings): DeliveryPolicy {
  if (ackTimeoutMs === undefined && maxDeliveries === undefined) return {}
  return {
    ...(ackTimeoutMs !== undefined && { ackTimeoutMs }),
    ...(maxDeliveries !== undefined && { maxDeliveries }),
    retryDelaysMs: [RETRY_DELAY_MS]
  }
}
