import { setTimeout as sleep } from 'node:timers/promises'
import type { Schedule } from './schedule.ts'

/** The measurement of a server ends if this many seconds' worth of requests are unanswered: it cannot keep up. */
export const MAX_BEHIND_SECONDS = 5

export interface Pace {
  readonly schedule: Schedule
  /** The start of the schedule, in milliseconds on the clock of `performance.now`. */
  readonly startedAt: number
  /** Sending stops if more requests than this are unanswered. Default: it never does. */
  readonly maxUnanswered?: number
}

/**
 * Sends each request of a schedule when it is due, whether the earlier ones were answered or not. So a slow answer does
 * not delay later requests. `send` gets the number of the request and the time when it was due. Measure latencies from
 * that time, so that a request which is sent late counts as slow. Resolves when all requests are answered, with the
 * number of requests sent. That is less than planned if too many were unanswered.
 */
export async function pace(
  { schedule, startedAt, maxUnanswered = schedule.total }: Pace,
  send: (number: number, dueAt: number) => Promise<void>
): Promise<number> {
  const { total } = schedule
  const answers: Promise<void>[] = []
  let sent = 0
  let answered = 0
  for (; sent < total && sent - answered <= maxUnanswered; await sleep(1)) {
    const now = performance.now()
    for (; sent < total; sent++) {
      const dueAt = startedAt + schedule.dueMs(sent)
      if (dueAt > now) break
      const answer = send(sent, dueAt)
      answers.push(
        answer.then(() => {
          answered++
        })
      )
    }
  }
  await Promise.all(answers)
  return sent
}
