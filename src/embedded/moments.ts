import type { ClaimRequest } from '../contract/pending.ts'
import type { StreamDescription } from '../contract/streams.ts'

/*
 * Converts times between the wall clock of requests and answers and the steady clock of the state. `aheadMs`
 * is how far the wall clock is ahead. It is 0 unless the wall clock has jumped since the process started.
 */

/** Returns the request with its time on the steady clock. */
export function claimBySteadyClock(request: ClaimRequest, aheadMs: number): ClaimRequest {
  const { deliveredAt } = request
  if (aheadMs === 0 || deliveredAt === undefined) return request
  return { ...request, deliveredAt: shifted(deliveredAt, -aheadMs) }
}

/** Shifts the times of an answer in place, so nobody else may use it. */
export function descriptionByWallClock(description: StreamDescription, aheadMs: number): StreamDescription {
  if (aheadMs === 0) return description
  for (const { pendingEntries, consumers } of description.groups) {
    for (const entry of pendingEntries) entry.deliveredAt = shifted(entry.deliveredAt, aheadMs)
    for (const consumer of consumers) {
      consumer.seenAt += aheadMs
      if (consumer.activeAt !== null) consumer.activeAt += aheadMs
      for (const entry of consumer.pendingEntries) entry.deliveredAt = shifted(entry.deliveredAt, aheadMs)
    }
  }
  return description
}

/** A claim can set a delivery time back to 1970. No time is earlier. */
function shifted(at: number, byMs: number): number {
  return Math.max(0, at + byMs)
}
