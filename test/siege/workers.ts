import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../../load/clients/lean-client.ts'

const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`
const PRODUCERS = 2
const WORKERS = 4
const BATCH = 10
/** The pause between two batches of a producer, which makes it append at a steady pace and not as fast as possible. */
const PAUSE_MS = 10
const RETRY_MS = 100
/** The time for what is left when the producers have stopped. */
const DRAIN_MS = 60_000

/** What became of the entries of well-behaved clients. */
export interface Outcome {
  readonly appended: number
  readonly acked: number
  /** Appended, but never delivered and acked. */
  readonly lost: number
  /** Acked twice although they were appended once, or acked without having been appended. */
  readonly doubled: number
  /** Requests that were sent again because they were refused or got no answer. */
  readonly retries: number
}

/**
 * Well-behaved producers and workers. They append numbered entries, read and ack them, and retry what is retryable.
 * Every appended entry must be acked exactly once.
 */
export class Workers {
  readonly #client: LeanClient
  #next = 0
  readonly #appended = new Set<number>()
  /** Entries whose append got no answer. It was sent again, so they may exist twice. */
  readonly #doubtful = new Set<number>()
  readonly #acks = new Map<number, number>()
  #retries = 0
  #isStopping = false
  #isDone = false
  readonly #running: Promise<void>[] = []

  constructor(port: number, token: string) {
    this.#client = new LeanClient(port, { headers: { authorization: `Bearer ${token}` } })
  }

  async start(): Promise<void> {
    await this.#insist('PUT', GROUP, '{"createStream":true}')
    for (let n = 0; n < PRODUCERS; n++) this.#running.push(this.#produce())
    for (let n = 0; n < WORKERS; n++) this.#running.push(this.#work(`worker-${n}`))
  }

  /** How many entries were acked so far. */
  get acked(): number {
    return this.#acks.size
  }

  /** Stops the producers, lets the workers finish, and returns the counts. */
  async finish(): Promise<Outcome> {
    this.#isStopping = true
    const giveUpAt = performance.now() + DRAIN_MS
    while (this.#lost() > 0 && performance.now() < giveUpAt) await sleep(RETRY_MS)
    this.#isDone = true
    await Promise.all(this.#running)
    this.#client.close()
    const doubled = [...this.#acks].filter(([number, acks]) =>
      acks > 1 ? !this.#doubtful.has(number) : !this.#appended.has(number)
    )
    return {
      appended: this.#appended.size,
      acked: this.acked,
      lost: this.#lost(),
      doubled: doubled.length,
      retries: this.#retries
    }
  }

  #lost(): number {
    let lost = 0
    for (const number of this.#appended) if (!this.#acks.has(number)) lost++
    return lost
  }

  async #produce(): Promise<void> {
    while (!this.#isStopping) {
      const numbers = Array.from({ length: BATCH }, () => this.#next++)
      const entries = numbers.map((number) => ({ fields: { number: `${number}`, padding: 'x'.repeat(100) } }))
      const onDoubt = (): void => {
        for (const number of numbers) this.#doubtful.add(number)
      }
      await this.#insist('POST', `${STREAM}/entries`, JSON.stringify({ entries }), onDoubt)
      for (const number of numbers) this.#appended.add(number)
      await sleep(PAUSE_MS)
    }
  }

  async #work(consumer: string): Promise<void> {
    // `claimIdleMs` brings back the entries of answers that got lost.
    const read = JSON.stringify({ consumer, count: 50, waitMs: 500, claimIdleMs: 5000 })
    while (!this.#isDone) {
      const { entries } = await this.#insist('POST', `${GROUP}/read`, read)
      if (entries.length === 0) continue
      const ids = entries.map(({ id }: { id: string }) => id)
      let isDoubtful = false
      const { notPending } = await this.#insist('POST', `${GROUP}/ack`, JSON.stringify({ ids }), () => {
        isDoubtful = true
      })
      const missed = new Set(isDoubtful ? [] : notPending)
      for (const { id, fields } of entries) {
        if (missed.has(id)) continue
        const number = Number(fields.number)
        this.#acks.set(number, (this.#acks.get(number) ?? 0) + 1)
      }
    }
  }

  /** Sends a request until it is answered with 2xx. `onDoubt` is called when the outcome of an attempt is unknown. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what it requested.
  async #insist(method: string, path: string, body: string, onDoubt?: () => void): Promise<any> {
    for (;;) {
      const answer = await this.#client.send(method, path, body).catch(() => undefined)
      if (answer !== undefined && answer.status < 300) return JSON.parse(answer.body)
      if (answer === undefined) onDoubt?.()
      else if (JSON.parse(answer.body).retryable !== true)
        throw new Error(`${method} ${path}: ${answer.body}`)
      this.#retries++
      await sleep(RETRY_MS)
    }
  }
}
