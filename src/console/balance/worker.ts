import type { DeliveredEntry } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { ack, type ReadGroup, readGroup } from '../api/operations.ts'
import { Track } from '../live/time-series.ts'
import { pause, whenVisible } from '../live/visibility.ts'
import type { Ledger } from './entry-tally.ts'

export type WorkerState = 'waiting' | 'working' | 'paused' | 'dying' | 'dead'

/** Where a worker works, and how: this can change while it does. */
export interface Workplace {
  readonly stream: string
  readonly group: string
  readonly ledger: Ledger
  readonly batch: number
  readonly workMs: number
  readonly claimIdleMs: number | undefined
  /** A request failed. */
  failed(error: Refusal | Unreachable): void
}

/** How long a worker waits that found nothing. Consumers elsewhere would use a long poll, which holds a connection. */
const LOOK_AGAIN_MS = 150
const RETRY_MS = 1000
/** How much longer a slow worker takes. */
const SLOW = 10

/** A consumer that lives in this page: reads, works, acks, and can be slowed down, stopped and killed. */
export class Worker {
  readonly name: string
  /** Of what it was given, over time. */
  readonly track = new Track()
  isSlow = false
  delivered = 0
  acked = 0
  #isPaused = false
  #isDying = false
  #isDead = false
  /** It works on what it has in hand, and has not begun to ack. */
  #isAtWork = false
  #inHand: readonly DeliveredEntry[] = []
  /** What was claimed for it. */
  readonly #inbox: DeliveredEntry[][] = []
  readonly #place: Workplace
  #life = new AbortController()

  constructor(name: string, place: Workplace) {
    this.name = name
    this.#place = place
  }

  get state(): WorkerState {
    if (this.#isDead) return 'dead'
    if (this.#isDying) return 'dying'
    if (this.#isPaused) return 'paused'
    return this.#inHand.length > 0 ? 'working' : 'waiting'
  }
  /** What it was given and has not acked. */
  get inHand(): readonly DeliveredEntry[] {
    return this.#inHand.concat(this.#inbox.flat())
  }

  /** Works until the signal aborts or it is killed. `isBack`: it begins with what it left pending. */
  async work(signal: AbortSignal, isBack = false): Promise<void> {
    this.#isDead = false
    this.#isDying = false
    this.#isPaused = false
    this.#life = new AbortController()
    const end = () => this.#life.abort()
    signal.addEventListener('abort', end)
    let after = isBack ? '0-0' : undefined
    while (!this.#life.signal.aborted) {
      await whenVisible(this.#life.signal)
      if (this.#isPaused) await pause(LOOK_AGAIN_MS, this.#life.signal)
      else if (!(await this.#turn(after))) after = undefined
    }
    signal.removeEventListener('abort', end)
  }

  pause(): void {
    this.#isPaused = true
  }
  resume(): void {
    this.#isPaused = false
  }

  /** It crashes with entries in its hands: those it works on now, or else the next that it is given. */
  kill(): void {
    if (this.#isAtWork) this.#die()
    else this.#isDying = true
    this.#isPaused = false
  }

  /** Somebody claimed these for it. */
  give(entries: DeliveredEntry[]): void {
    this.delivered += entries.length
    this.#inbox.push(entries)
  }

  /** Others have claimed what it held. */
  forget(ids: ReadonlySet<string>): void {
    this.#inHand = this.#inHand.filter(({ id }) => !ids.has(id))
  }

  #die(): void {
    this.#isDead = true
    this.#life.abort()
  }

  /** One batch. False when there is none. */
  async #turn(after: string | undefined): Promise<boolean> {
    const { signal } = this.#life
    const batch = this.#inbox.shift() ?? (await this.#sure(() => this.#read(after)))
    if (batch === undefined || batch.length === 0) {
      if (after === undefined) await pause(LOOK_AGAIN_MS, signal)
      return false
    }
    this.#inHand = batch
    if (this.#isDying) {
      this.#die()
      return true
    }
    this.#isAtWork = true
    await pause(this.#place.workMs * (this.isSlow ? SLOW : 1), signal)
    while (this.#isPaused && !signal.aborted) await pause(LOOK_AGAIN_MS, signal)
    this.#isAtWork = false
    if (!signal.aborted) await this.#ack()
    return true
  }

  async #read(after: string | undefined): Promise<readonly DeliveredEntry[]> {
    const { stream, group, batch, claimIdleMs, ledger } = this.#place
    const body: ReadGroup = {
      consumer: this.name,
      count: batch,
      ...(after !== undefined && { after }),
      ...(claimIdleMs !== undefined && { claimIdleMs })
    }
    const entries = await readGroup(stream, group, body)
    ledger.deliver(entries)
    this.delivered += entries.length
    return entries
  }

  async #ack(): Promise<void> {
    const { stream, group, ledger } = this.#place
    const ids = this.#inHand.map(({ id }) => id)
    const settle = ledger.ack(ids)
    let tries = 0
    const answer = await this.#sure(() => {
      tries++
      return ack(stream, group, { ids, consumer: this.name })
    })
    if (answer === undefined) return
    // Asked again, it may name what the first ack did, whose answer was lost.
    const notPending = tries === 1 ? answer.notPending : []
    this.acked += ids.length - notPending.length
    this.#inHand = []
    settle(notPending)
  }

  /** Asks until there is an answer; undefined when its life ends before. */
  async #sure<A>(request: () => Promise<A>): Promise<A | undefined> {
    const { signal } = this.#life
    while (!signal.aborted) {
      try {
        return await request()
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
        if (!signal.aborted) this.#place.failed(error)
        await pause(RETRY_MS, signal)
      }
    }
    return undefined
  }
}
