import { setTimeout as sleep } from 'node:timers/promises'
import type { Schedule } from './schedule.ts'

/** A server that is this far behind cannot follow, and is not measured any longer. */
export const MOST_BEHIND_SECONDS = 5

export interface Pace {
  readonly schedule: Schedule
  /** The start of the schedule, on the clock of `performance.now`. */
  readonly startedAt: number
  /** Nothing more is sent when more requests than this have no answer. */
  readonly mostUnanswered?: number
}

/**
 * Sends the requests of a schedule, each when it falls due, whether those before were answered or not: a slow answer
 * does not slow down what follows it. `send` gets the number of the request and when it was due, from which a request
 * that is sent late counts. Resolves when all are answered, with how many were sent: fewer than planned when too many
 * were unanswered.
 */
export async function pace(
  { schedule, startedAt, mostUnanswered = schedule.total }: Pace,
  send: (number: number, dueAt: number) => Promise<void>
): Promise<number> {
  const { total } = schedule
  const answers: Promise<void>[] = []
  let sent = 0
  let answered = 0
  for (; sent < total && sent - answered <= mostUnanswered; await sleep(1)) {
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
