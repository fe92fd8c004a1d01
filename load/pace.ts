import { setTimeout as sleep } from 'node:timers/promises'

export interface Pace {
  readonly total: number
  readonly perMs: number
  readonly startedAt: number
  /** How many may wait for their answer at a time, before there is no point in going on. */
  readonly mostUnanswered?: number
}

/**
 * Sends `total` requests, `perMs` of them falling due every millisecond, one after the other, whether those before
 * were answered or not: a slow answer does not slow down what follows it. `send` gets the number of the request and
 * when it was due, from which a request that is sent late counts. Resolves when all are answered, with how many were
 * sent: fewer than `total` when too many were unanswered.
 */
export async function pace(
  { total, perMs, startedAt, mostUnanswered = total }: Pace,
  send: (number: number, dueAt: number) => Promise<void>
): Promise<number> {
  const answers: Promise<void>[] = []
  let sent = 0
  let answered = 0
  for (; sent < total && sent - answered <= mostUnanswered; await sleep(1)) {
    const due = Math.min(total, Math.floor((performance.now() - startedAt) * perMs))
    for (; sent < due; sent++) {
      const answer = send(sent, startedAt + sent / perMs)
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
