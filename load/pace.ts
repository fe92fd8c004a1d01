import { setTimeout as sleep } from 'node:timers/promises'

export interface Pace {
  readonly total: number
  readonly perMs: number
  readonly startedAt: number
}

/**
 * Sends `total` requests, `perMs` of them falling due every millisecond, one after the other, whether those before
 * were answered or not: a slow answer does not slow down what follows it. `send` gets the number of the request and
 * when it was due, from which a request that is sent late counts. Resolves when all are answered.
 */
export async function pace(
  { total, perMs, startedAt }: Pace,
  send: (number: number, dueAt: number) => Promise<void>
): Promise<void> {
  const answers: Promise<void>[] = []
  for (let sent = 0; sent < total; await sleep(1)) {
    const due = Math.min(total, Math.floor((performance.now() - startedAt) * perMs))
    for (; sent < due; sent++) answers.push(send(sent, startedAt + sent / perMs))
  }
  await Promise.all(answers)
}
