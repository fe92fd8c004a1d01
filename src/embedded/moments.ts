import type { ClaimRequest } from '../contract/pending.ts'
import type { StreamDescription } from '../contract/streams.ts'

/*
 * Moments in requests and answers are of the wall clock, and those that are kept of the steady one. `aheadMs` is how
 * far the wall clock is ahead, which is 0 unless it jumped since the process started.
 */

/** The request with its moment as it is kept. */
export function claimBySteadyClock(request: ClaimRequest, aheadMs: number): ClaimRequest {
  const { deliveredAt } = request
  if (aheadMs === 0 || deliveredAt === undefined) return request
  return { ...request, deliveredAt: shifted(deliveredAt, -aheadMs) }
}

/** Shifts the moments of an answer that nobody else has. */
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

/** A claim can make an entry as old as 1970, and no moment is before that. */
function shifted(at: number, byMs: number): number {
  return Math.max(0, at + byMs)
}
