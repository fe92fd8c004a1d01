import type { DeliveredEntry } from '../../../src/contract/deliveries.ts'
import { type Shown, shown } from '../../conformance/fixtures.ts'
import type { Ledger } from './ledger.ts'
import { GROUP, STREAM, type Stage } from './stage.ts'

/** Readers that wait at the same time, at most. */
const MAX_WAITERS = 3
/** Longer than any program takes. */
const WAIT_MS = 3_600_000

interface Waiter {
  readonly name: string
  readonly hangUp: AbortController
  readonly since: number
  /** Null until it has arrived. */
  answer: Shown<DeliveredEntry>[] | null
  arrivedAt: number
  error?: unknown
}

/** The readers that wait, and those whose answers were not entered into the ledger yet. */
export class Waiters {
  readonly #all = new Set<Waiter>()

  get names(): string[] {
    return [...this.#all].map(({ name }) => name)
  }

  /** Starts a reader, and resolves when it waits or has its answer. Does nothing if many wait already. */
  async start(stage: Stage, name: string, count: number): Promise<void> {
    if (this.#all.size >= MAX_WAITERS) return
    const { engine } = stage
    const hangUp = new AbortController()
    const waiter: Waiter = { name, hangUp, since: stage.now(), answer: null, arrivedAt: 0 }
    const { waiting } = await engine.status()
    this.#all.add(waiter)
    const request = { group: GROUP.group, consumer: name, count, waitMs: WAIT_MS, noAck: false }
    engine.readGroups({ ...request, streams: [{ stream: STREAM }] }, hangUp.signal).then(
      ({ streams }) => {
        waiter.arrivedAt = stage.now()
        waiter.answer = shown(streams).flatMap(({ entries }) => entries)
      },
      (error: unknown) => {
        waiter.error = error
      }
    )
    while (waiter.answer === null && (await engine.status()).waiting <= waiting) {
      if (waiter.error !== undefined) throw waiter.error
      await stage.yield()
    }
  }

  /** Enters the answers that have arrived. Each was given between `from`, or the start of its wait, and its arrival. */
  collect(ledger: Ledger, from: number): void {
    const arrived = [...this.#all].filter(({ answer }) => answer !== null)
    const got = arrived.flatMap(({ name, answer, arrivedAt, since }) =>
      (answer ?? []).map((one) => ({ name, one, at: { from: Math.max(since, from), to: arrivedAt } }))
    )
    // An entry may have gone from one waiting reader to the next.
    got.sort((a, b) => a.one.deliveries - b.one.deliveries)
    for (const { name, one, at } of got) ledger.delivered(name, one, at)
    for (const waiter of arrived) this.#all.delete(waiter)
  }

  /** Lets all of them hang up, and resolves when they have their answers. */
  async hangUp(stage: Stage): Promise<void> {
    for (const { hangUp } of this.#all) hangUp.abort()
    for (const waiter of this.#all) while (waiter.answer === null) await stage.yield()
  }
}
