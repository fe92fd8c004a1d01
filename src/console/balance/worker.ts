import type { DeliveredEntry } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { extendEntries, nackEntries } from '../api/delivery.ts'
import { ackEntries, type Body, readGroup } from '../api/operations.ts'
import { TimeSeries } from '../live/time-series.ts'
import { pause, whenVisible } from '../live/visibility.ts'
import type { EntryTally } from './entry-tally.ts'
import { isPoison } from './producer.ts'
import { RETRY_DELAY_MS, type Settings } from './settings.ts'

export type WorkerState = 'waiting' | 'working' | 'paused' | 'dying' | 'dead'

/** What a worker reads, and its settings, which can change while it runs. */
export interface WorkerContext {
  readonly stream: string
  readonly group: string
  readonly tally: EntryTally
  readonly settings: Settings
  /** Called when a request fails. */
  failed(error: Refusal | Unreachable): void
}

/** How long a worker waits after an empty read. Other consumers would use a long poll, but that occupies a connection. */
const POLL_MS = 150
const RETRY_MS = 1000
/** How many times as long a slow worker takes. */
const SLOW = 10
/** How often a worker extends its entries within their time limit. */
const EXTENSIONS = 3
/** The reason of a nack. It is shown with dead entries. */
const REASON = 'The order cannot be processed'

/**
 * A consumer that runs in this page. It reads, works, and acks or nacks. It can be slowed down, paused and killed, and it
 * can leave. With a time limit, it extends its entries while it works. A paused worker does not, like one that hangs.
 */
export class Worker {
  readonly name: string
  /** Its deliveries over time. */
  readonly series = new TimeSeries()
  isSlow = false
  delivered = 0
  acked = 0
  failed = 0
  #isPaused = false
  #isDying = false
  #isDead = false
  /** It is working on the entries that it holds, and has not started to ack them. */
  #isAtWork = false
  #held: readonly DeliveredEntry[] = []
  /** Entries that were claimed for it. */
  readonly #inbox: (readonly DeliveredEntry[])[] = []
  readonly #context: WorkerContext
  #life = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(name: string, context: WorkerContext) {
    this.name = name
    this.#context = context
  }

  get state(): WorkerState {
    if (this.#isDead) return 'dead'
    if (this.#isDying) return 'dying'
    if (this.#isPaused) return 'paused'
    return this.#held.length > 0 ? 'working' : 'waiting'
  }
  /** Entries that were delivered to it and that it has not acked. */
  get held(): readonly DeliveredEntry[] {
    return this.#held.concat(this.#inbox.flat())
  }

  /** Runs until the signal aborts or the worker ends. `isRestart`: first reads the entries that it left pending. */
  start(signal: AbortSignal, isRestart = false): void {
    this.#running = this.#work(signal, isRestart)
  }

  /** Stops in the middle of its work. Resolves when it sends no more requests. */
  async leave(): Promise<void> {
    this.#life.abort()
    await this.#running
  }

  async #work(signal: AbortSignal, isRestart: boolean): Promise<void> {
    this.#isDead = false
    this.#isDying = false
    this.#isPaused = false
    this.#life = new AbortController()
    const end = () => this.#life.abort()
    signal.addEventListener('abort', end)
    let after = isRestart ? '0-0' : undefined
    while (!this.#life.signal.aborted) {
      await whenVisible(this.#life.signal)
      if (this.#isPaused) await pause(POLL_MS, this.#life.signal)
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

  /** Crashes with unacked entries: those that it is working on, or else the next ones that it gets. */
  kill(): void {
    if (this.#isAtWork) this.#die()
    else this.#isDying = true
    this.#isPaused = false
  }

  /** Receives entries that were claimed for it. */
  receive(entries: readonly DeliveredEntry[]): void {
    this.delivered += entries.length
    this.#inbox.push(entries)
  }

  /** Removes entries that it no longer owns. */
  forget(ids: ReadonlySet<string>): void {
    const isOwn = ({ id }: DeliveredEntry) => !ids.has(id)
    this.#held = this.#held.filter(isOwn)
    for (const [index, entries] of this.#inbox.entries()) this.#inbox[index] = entries.filter(isOwn)
  }

  #die(): void {
    this.#isDead = true
    this.#life.abort()
  }

  /** Processes one batch. Returns false if there was none. */
  async #turn(after: string | undefined): Promise<boolean> {
    const { signal } = this.#life
    const batch = this.#inbox.shift() ?? (await this.#retry(() => this.#read(after)))
    if (batch === undefined || batch.length === 0) {
      if (after === undefined) await pause(POLL_MS, signal)
      return false
    }
    this.#held = batch
    if (this.#isDying) {
      this.#die()
      return true
    }
    this.#isAtWork = true
    await this.#process(this.#context.settings.workMs * (this.isSlow ? SLOW : 1))
    while (this.#isPaused && !signal.aborted) await pause(POLL_MS, signal)
    this.#isAtWork = false
    if (!signal.aborted) await this.#settle()
    return true
  }

  /** Takes time, and extends the entries meanwhile if they have a time limit. */
  async #process(ms: number): Promise<void> {
    const { signal } = this.#life
    const { ackTimeoutMs } = this.#context.settings
    const stepMs = ackTimeoutMs === undefined ? ms : ackTimeoutMs / EXTENSIONS
    for (let left = ms; left > 0 && !signal.aborted; left -= stepMs) {
      await pause(Math.min(left, stepMs), signal)
      if (left > stepMs && !this.#isPaused && !signal.aborted) await this.#extend()
    }
  }

  /** Extends all entries that it holds. Does not try again: the next extension follows soon. */
  async #extend(): Promise<void> {
    const { stream, group, failed } = this.#context
    try {
      while ((await extendEntries(stream, group, { consumer: this.name })).more === true);
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      failed(error)
    }
  }

  async #read(after: string | undefined): Promise<readonly DeliveredEntry[]> {
    const { stream, group, tally, settings } = this.#context
    const { batch, claimIdleMs, ackTimeoutMs } = settings
    const body: Body<'readGroup'> = {
      consumer: this.name,
      count: batch,
      ...(after !== undefined && { after }),
      ...(claimIdleMs !== undefined && ackTimeoutMs === undefined && { claimIdleMs })
    }
    const entries = await readGroup(stream, group, body)
    tally.deliver(entries)
    this.delivered += entries.length
    return entries
  }

  /** Acks the entries that it has processed, and nacks those that it cannot process. */
  async #settle(): Promise<void> {
    const isFailed = (entry: DeliveredEntry) => this.#context.settings.poisonEvery > 0 && isPoison(entry)
    const idsOf = (entries: readonly DeliveredEntry[]) => entries.map(({ id }) => id)
    const failed = idsOf(this.#held.filter(isFailed))
    const done = idsOf(this.#held.filter((entry) => !isFailed(entry)))
    if (done.length > 0) await this.#ack(done)
    if (failed.length > 0) await this.#nack(failed)
  }

  async #ack(ids: readonly string[]): Promise<void> {
    const { stream, group, tally } = this.#context
    const settle = tally.ack(ids)
    let tries = 0
    const response = await this.#retry(() => {
      tries++
      return ackEntries(stream, group, { ids, consumer: this.name })
    })
    if (response === undefined) return
    // After a retry, these may be entries that the first attempt acked before its response was lost.
    const notPending = tries === 1 ? response.notPending : []
    this.acked += ids.length - notPending.length
    this.forget(new Set(ids))
    settle(notPending)
  }

  async #nack(ids: readonly string[]): Promise<void> {
    const { stream, group, settings } = this.#context
    const hasPolicy = settings.ackTimeoutMs !== undefined || settings.maxDeliveries !== undefined
    const response = await this.#retry(() =>
      nackEntries(stream, group, {
        ids,
        consumer: this.name,
        outcome: 'retry',
        reason: REASON,
        ...(!hasPolicy && { delayMs: RETRY_DELAY_MS })
      })
    )
    if (response === undefined) return
    this.failed += response.nacked
    this.forget(new Set(ids))
  }

  /** Repeats a request until it succeeds. Returns undefined if the worker ends first. */
  async #retry<A>(request: () => Promise<A>): Promise<A | undefined> {
    const { signal } = this.#life
    while (!signal.aborted) {
      try {
        return await request()
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
        if (!signal.aborted) this.#context.failed(error)
        await pause(RETRY_MS, signal)
      }
    }
    return undefined
  }
}
