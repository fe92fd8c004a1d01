import { Refusal, Unreachable } from '../api/client.ts'
import { redriveAll } from '../api/delivery.ts'
import {
  claimEntries,
  deleteConsumer,
  deleteStream,
  ensureGroup,
  getGroup,
  listPending,
  trimStream,
  updateGroup
} from '../api/operations.ts'
import { Store } from '../live/store.ts'
import { TimeSeries } from '../live/time-series.ts'
import { pause, whenVisible } from '../live/visibility.ts'
import { EntryTally } from './entry-tally.ts'
import { Producer } from './producer.ts'
import { policyOf, type Settings } from './settings.ts'
import { Worker, type WorkerContext } from './worker.ts'

export const GROUP = 'workers'
/** The prefix of every balance's stream name. */
export const STREAM_PREFIX = 'weir-balance-'

const POLL_MS = 500
/** The stream is trimmed once in this many polls. */
const POLLS_PER_TRIM = 10
/** Of a worker that holds more entries, the page does not check whether it still owns them. */
const MAX_CHECKED = 1000
const NAMES = ['ann', 'bob', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hana', 'ivy', 'jon', 'kim', 'leo']
export const MAX_WORKERS = NAMES.length

/** A stream of its own with a group, a producer and workers. This page runs them all through the public API. */
export class Balance {
  readonly stream = `${STREAM_PREFIX}${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`
  readonly tally = new EntryTally()
  readonly producer: Producer
  readonly series = new TimeSeries()
  /** Incremented by each change that has to be rendered. */
  readonly version = new Store(0)
  /** Why a request failed. Empty after the next successful poll. */
  readonly failure = new Store<string>('')
  workers: readonly Worker[] = []
  pending = 0
  dead = 0
  lag: number | null = 0
  #settings: Settings
  #isEnded = false
  /** Resolves when the latest change of the policy is applied. Changes are applied one after the other. */
  #policy: Promise<void> = Promise.resolve()
  #beginning: Promise<unknown> | undefined
  readonly #life = new AbortController()
  readonly #context: WorkerContext

  constructor(settings: Settings) {
    this.#settings = settings
    const failed = (error: Refusal | Unreachable) => this.#failed(error)
    const current = () => this.#settings
    this.#context = {
      stream: this.stream,
      group: GROUP,
      tally: this.tally,
      get settings() {
        return current()
      },
      failed
    }
    this.producer = new Producer({ stream: this.stream, tally: this.tally, failed })
  }

  get settings(): Settings {
    return this.#settings
  }

  set(settings: Partial<Settings>): void {
    const before = JSON.stringify(policyOf(this.#settings))
    this.#settings = { ...this.#settings, ...settings }
    this.#instructProducer()
    if (JSON.stringify(policyOf(this.#settings)) !== before)
      this.#policy = this.#policy.then(() => this.#applyPolicy())
    this.changed()
  }

  #instructProducer(): void {
    const { rate, poisonEvery } = this.#settings
    Object.assign(this.producer, { rate, poisonEvery })
  }

  async #applyPolicy(): Promise<void> {
    try {
      await updateGroup(this.stream, GROUP, { delivery: policyOf(this.#settings) })
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      this.#failed(error)
    }
  }

  changed(): void {
    this.version.set(this.version.value + 1)
  }

  /** Creates the stream and its group, and starts the producer. Rejects if the API does. */
  async begin(): Promise<void> {
    this.#beginning = ensureGroup(this.stream, GROUP, {
      createStream: true,
      delivery: policyOf(this.#settings)
    })
    await this.#beginning
    if (this.#isEnded) return
    this.#instructProducer()
    void this.producer.run(this.#life.signal)
    void this.#watch()
  }

  /** Stops everything and deletes the stream. `isLeaving`: the page is closing, so the request must outlive it. */
  async end(isLeaving = false): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#life.abort()
    // A stream that is created after it was deleted would be left behind.
    if (!isLeaving) await this.#beginning?.catch(() => {})
    await deleteStream(this.stream, { keepalive: isLeaving }).catch((error) => {
      if (!(error instanceof Refusal)) throw error
    })
  }

  addWorker(): Worker | undefined {
    const name = NAMES.find((free) => !this.workers.some((worker) => worker.name === free))
    if (name === undefined) return undefined
    const worker = new Worker(name, this.#context)
    this.workers = [...this.workers, worker]
    worker.start(this.#life.signal)
    this.changed()
    return worker
  }

  /** Starts a worker again under its name. It first processes the entries that it left pending. */
  restart(worker: Worker): void {
    worker.start(this.#life.signal, true)
    this.changed()
  }

  /** Removes a crashed worker that holds no entries. */
  async remove(worker: Worker): Promise<void> {
    await this.#deleteConsumer(worker, 'refuse')
  }

  /** Lets a worker end in an orderly way. Others get what it held, and no delivery has failed. */
  async leave(worker: Worker): Promise<void> {
    await worker.leave()
    await this.#deleteConsumer(worker, 'release')
  }

  async #deleteConsumer(worker: Worker, pending: 'refuse' | 'release'): Promise<void> {
    await deleteConsumer(this.stream, GROUP, worker.name, pending).catch((error) => {
      if (!(error instanceof Refusal && error.code === 'consumer-not-found')) throw error
    })
    this.workers = this.workers.filter((other) => other !== worker)
    this.changed()
  }

  /** Claims all entries of one worker for another. Returns how many there were. */
  async claim(from: Worker, to: Worker): Promise<number> {
    let claimed = 0
    for (;;) {
      const held = await listPending(this.stream, GROUP, { consumer: from.name, limit: 1000 })
      if (held.length === 0) break
      const ids = held.map(({ id }) => id)
      const entries = await claimEntries(this.stream, GROUP, { consumer: to.name, ids })
      this.tally.deliver(entries)
      from.forget(new Set(ids))
      if (entries.length > 0) to.receive(entries)
      claimed += entries.length
    }
    this.changed()
    return claimed
  }

  /** Lets all dead entries be delivered again. Returns how many there were. */
  async redrive(): Promise<number> {
    const { redriven } = await redriveAll(this.stream, GROUP)
    this.changed()
    return redriven
  }

  /** Polls the group, and trims acked entries so that the stream does not grow without limit. */
  async #watch(): Promise<void> {
    const { signal } = this.#life
    for (let polls = 1; !signal.aborted; polls++) {
      await whenVisible(signal)
      try {
        await this.#poll(signal)
        if (polls % POLLS_PER_TRIM === 0) await this.#trim()
        this.failure.set('')
      } catch (error) {
        if (!signal.aborted) this.#failed(error)
      }
      this.changed()
      await pause(POLL_MS, signal)
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { pending, dead, lag } = await this.tally.compare(() => getGroup(this.stream, GROUP, signal))
    this.pending = pending
    this.dead = dead
    this.lag = lag
    const at = Date.now()
    const { sent, delivered, acked } = this.tally
    this.series.add(at, { sent, delivered, acked, pending, lag })
    for (const worker of this.workers) worker.series.add(at, { delivered: worker.delivered })
    for (const worker of this.workers) await this.#forgetLost(worker, signal)
  }

  /** Removes the entries that a crashed or paused worker no longer owns, because others got them or they are dead. */
  async #forgetLost(worker: Worker, signal: AbortSignal): Promise<void> {
    const { name, state, held } = worker
    if (state !== 'dead' && state !== 'paused') return
    if (held.length === 0 || held.length > MAX_CHECKED) return
    const owned = await listPending(this.stream, GROUP, { consumer: name, limit: MAX_CHECKED }, signal)
    const ids = new Set(owned.map(({ id }) => id))
    worker.forget(new Set(held.map(({ id }) => id).filter((id) => !ids.has(id))))
  }

  async #trim(): Promise<void> {
    const minId = this.tally.firstNeeded
    if (minId !== undefined) await trimStream(this.stream, { minId, approximate: true })
  }

  #failed(error: unknown): void {
    if (!(error instanceof Error)) throw error
    this.failure.set(error.message)
  }
}
