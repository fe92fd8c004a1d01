import { Refusal, type Unreachable } from '../api/client.ts'
import {
  claim,
  deleteConsumer,
  deleteStream,
  ensureGroup,
  getGroup,
  listPending,
  trimStream
} from '../api/operations.ts'
import { Store } from '../live/store.ts'
import { Track } from '../live/time-series.ts'
import { pause, whenVisible } from '../live/visibility.ts'
import { Ledger } from './entry-tally.ts'
import { Producer } from './producer.ts'
import { Worker, type Workplace } from './worker.ts'

export const GROUP = 'workers'
/** What the names of all streams of balances begin with. */
export const STREAM_PREFIX = 'weir-balance-'

const LOOK_MS = 500
/** So many looks are between two trims. */
const LOOKS_A_TRIM = 10
const NAMES = ['ann', 'bob', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hana', 'ivy', 'jon', 'kim', 'leo']
export const MAX_WORKERS = NAMES.length

/** How a balance is set. */
export interface Settings {
  readonly rate: number
  readonly batch: number
  readonly workMs: number
  /** Undefined: nothing is claimed but by hand. */
  readonly claimIdleMs: number | undefined
}
export const FIRST_SETTINGS: Settings = { rate: 0, batch: 50, workMs: 50, claimIdleMs: undefined }

/** A stream of its own with a group, a producer and workers, all driven by this page through the public API. */
export class Balance {
  readonly stream = `${STREAM_PREFIX}${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`
  readonly ledger = new Ledger()
  readonly producer: Producer
  readonly track = new Track()
  /** Counts the changes that are worth drawing. */
  readonly version = new Store(0)
  /** Why the last request failed, as long as it is so. */
  readonly trouble = new Store<string>('')
  workers: readonly Worker[] = []
  pending = 0
  lag: number | null = 0
  #settings: Settings
  #isEnded = false
  #beginning: Promise<unknown> | undefined
  readonly #life = new AbortController()
  readonly #place: Workplace

  constructor(settings: Settings) {
    this.#settings = settings
    const failed = (error: Refusal | Unreachable) => this.#failed(error)
    const current = () => this.#settings
    this.#place = {
      stream: this.stream,
      group: GROUP,
      ledger: this.ledger,
      get batch() {
        return current().batch
      },
      get workMs() {
        return current().workMs
      },
      get claimIdleMs() {
        return current().claimIdleMs
      },
      failed
    }
    this.producer = new Producer({ stream: this.stream, ledger: this.ledger, failed })
  }

  get settings(): Settings {
    return this.#settings
  }

  set(settings: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...settings }
    this.producer.rate = this.#settings.rate
    this.changed()
  }

  changed(): void {
    this.version.set(this.version.value + 1)
  }

  /** Makes the stream and its group. Rejects as the API does. */
  async begin(): Promise<void> {
    this.#beginning = ensureGroup(this.stream, GROUP, { createStream: true })
    await this.#beginning
    if (this.#isEnded) return
    this.producer.rate = this.#settings.rate
    void this.producer.run(this.#life.signal)
    void this.#watch()
  }

  /** Stops everything and removes the stream. `isLeaving`: nobody is there to wait for it. */
  async end(isLeaving = false): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#life.abort()
    // A stream that comes into being after it was removed would stay.
    if (!isLeaving) await this.#beginning?.catch(() => {})
    await deleteStream(this.stream, { keepalive: isLeaving }).catch((error) => {
      if (!(error instanceof Refusal)) throw error
    })
  }

  addWorker(): Worker | undefined {
    const name = NAMES.find((free) => !this.workers.some((worker) => worker.name === free))
    if (name === undefined) return undefined
    const worker = new Worker(name, this.#place)
    this.workers = [...this.workers, worker]
    void worker.work(this.#life.signal)
    this.changed()
    return worker
  }

  /** The worker is started again under its name, and begins with what it left pending. */
  restart(worker: Worker): void {
    void worker.work(this.#life.signal, true)
    this.changed()
  }

  /** Takes away one that is dead and holds nothing. */
  async remove(worker: Worker): Promise<void> {
    await deleteConsumer(this.stream, GROUP, worker.name, 'refuse').catch((error) => {
      if (!(error instanceof Refusal && error.code === 'consumer-not-found')) throw error
    })
    this.workers = this.workers.filter((other) => other !== worker)
    this.changed()
  }

  /** Claims all that one worker holds for another one. Gives how many entries that was. */
  async claim(from: Worker, to: Worker): Promise<number> {
    let claimed = 0
    for (;;) {
      const held = await listPending(this.stream, GROUP, { consumer: from.name, limit: 1000 })
      if (held.length === 0) break
      const ids = held.map(({ id }) => id)
      const entries = await claim(this.stream, GROUP, { consumer: to.name, ids })
      this.ledger.deliver(entries)
      from.forget(new Set(ids))
      if (entries.length > 0) to.give(entries)
      claimed += entries.length
    }
    this.changed()
    return claimed
  }

  /** Looks at the group again and again, and takes away what is acked, so that the stream does not grow for ever. */
  async #watch(): Promise<void> {
    const { signal } = this.#life
    for (let looks = 1; !signal.aborted; looks++) {
      await whenVisible(signal)
      try {
        await this.#look(signal)
        if (looks % LOOKS_A_TRIM === 0) await this.#trim()
        this.trouble.set('')
      } catch (error) {
        if (!signal.aborted) this.#failed(error)
      }
      this.changed()
      await pause(LOOK_MS, signal)
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { pending, lag } = await this.ledger.compare(() => getGroup(this.stream, GROUP, signal))
    this.pending = pending
    this.lag = lag
    const at = Date.now()
    const { sent, delivered, acked } = this.ledger
    this.track.add(at, { sent, delivered, acked, pending, lag })
    for (const worker of this.workers) worker.track.add(at, { delivered: worker.delivered })
  }

  async #trim(): Promise<void> {
    const minId = this.ledger.firstNeeded
    if (minId !== undefined) await trimStream(this.stream, { minId, approximate: true })
  }

  #failed(error: unknown): void {
    if (!(error instanceof Error)) throw error
    this.trouble.set(error.message)
  }
}
