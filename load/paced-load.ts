import type { Client } from './clients/client.ts'
import { allDone } from './orders.ts'
import { MAX_BEHIND_SECONDS, pace } from './pace.ts'
import { Latencies } from './percentiles.ts'
import { secondsOfAll } from './processor-time.ts'
import { Quarters } from './quarters.ts'
import { count } from './results/table.ts'
import { progress } from './scenario.ts'
import type { Schedule } from './schedule.ts'
import { verify } from './verify.ts'

const CONSUMERS = 10
const BATCH = 100
const WAIT_MS = 1000
/** Missing entries count as lost if nothing was delivered for this long after the last append was answered. */
const GIVE_UP_MS = 10_000
const PROGRESS_MS = 2000

export interface PacedLoadOptions {
  readonly schedule: Schedule
  /** Appends that are due in this time from the start are sent and checked, but do not count. */
  readonly warmUpMs: number
  /** The processes whose processor time is measured. */
  readonly pids: readonly number[]
  /** The number of entries that were in the stream before. All of them must be delivered and acked. Default: 0. */
  readonly before?: number
  /** Starts each line of progress. Without it, no progress is shown. */
  readonly label?: string
}

/** The results of a load. */
export interface PacedLoad {
  /** The start, in milliseconds since the epoch. */
  readonly startedAt: number
  /** The time from when an append was due until a consumer had its entry. */
  readonly latencies: Latencies
  /** The worst of these in each quarter of a second, by when the appends were due. Includes the warm-up. */
  readonly worstMs: readonly number[]
  /** The time from when an append was due until it was sent, which is the delay of the generator itself. */
  readonly late: Latencies
  /** The longest time from when an append was due, or an ack was sent, until its answer. Includes the warm-up. */
  readonly longestAnswerMs: number
  /** The time from when the last append was due until everything was delivered. */
  readonly behindMs: number
  readonly entriesPerRead: number
  /** The server's processor time per append, with its share of reads and acks. Without the warm-up. */
  readonly processorUs: number
  /** The number of appends sent. Less than planned if the server could not keep up. */
  readonly sent: number
}

/**
 * Sends each append of a schedule when it is due, whether the earlier ones were answered or not. So a slow answer does
 * not delay later appends, and an append that is sent late counts as slow. Ten consumers long-poll, ack and poll again.
 * Each entry contains its number, from which the time when it was due is computed. Rejects with `Mismatch` if an entry
 * was lost, delivered twice or not acked.
 *
 * autocannon cannot do this: each of its connections waits for an answer before it sends the next request.
 */
export async function pacedLoad(client: Client, options: PacedLoadOptions): Promise<PacedLoad> {
  const { schedule, warmUpMs, pids, before = 0, label } = options
  const tally = new Tally(schedule, warmUpMs)
  const startedAt = Date.now()
  const usage = new Usage(pids, tally)
  const warmUp = setTimeout(() => usage.begin(), warmUpMs)
  const show = (): void => progress(`${label}: ${tally.progress()}`)
  const display = label === undefined ? undefined : setInterval(show, PROGRESS_MS)
  try {
    const consumers = Array.from({ length: CONSUMERS }, (_, i) => consume(client, tally, `consumer-${i}`))
    await Promise.all([append(client, tally).then(() => usage.end()), ...consumers])
    await check(client, tally, before)
  } finally {
    clearTimeout(warmUp)
    clearInterval(display)
  }
  return {
    startedAt,
    latencies: tally.latencies,
    worstMs: tally.quarters.worstMs,
    late: tally.late,
    longestAnswerMs: tally.longestAnswerMs,
    behindMs: tally.lastDeliveryMs - schedule.dueMs(tally.sent - 1),
    entriesPerRead: tally.delivered / tally.reads,
    processorUs: usage.us,
    sent: tally.sent
  }
}

/** Counts what was sent, answered, delivered and acked, and collects latencies. */
class Tally {
  readonly schedule: Schedule
  readonly late = new Latencies()
  readonly latencies = new Latencies()
  readonly quarters = new Quarters()
  /** How often each entry was delivered, by number. */
  readonly deliveries: Uint8Array
  readonly #warmUpMs: number
  /** In milliseconds on the clock of `performance.now`. */
  readonly startedAt = performance.now()
  refusal: string | undefined
  longestAnswerMs = 0
  lastDeliveryMs = 0
  sent = 0
  answered = 0
  appended = 0
  delivered = 0
  acked = 0
  reads = 0
  isSending = true

  constructor(schedule: Schedule, warmUpMs: number) {
    this.schedule = schedule
    this.#warmUpMs = warmUpMs
    this.deliveries = new Uint8Array(schedule.total)
  }

  /** Milliseconds since the start. */
  get nowMs(): number {
    return performance.now() - this.startedAt
  }

  get isOver(): boolean {
    if (this.isSending || this.answered < this.sent) return false
    return this.delivered >= this.appended || this.nowMs - this.lastDeliveryMs > GIVE_UP_MS
  }

  /** Counts an append that is being sent now. */
  sentAt(dueMs: number): void {
    this.sent++
    if (dueMs >= this.#warmUpMs) this.late.add(this.nowMs - dueMs)
  }

  /** Records an answer to a request that was due, or sent, at this time. */
  answeredSince(ms: number): void {
    this.longestAnswerMs = Math.max(this.longestAnswerMs, this.nowMs - ms)
  }

  deliver(number: number, nowMs: number): void {
    this.deliveries[number] = (this.deliveries[number] ?? 0) + 1
    const dueMs = this.schedule.dueMs(number)
    this.quarters.add(dueMs, nowMs - dueMs)
    if (dueMs >= this.#warmUpMs) this.latencies.add(nowMs - dueMs)
  }

  progress(): string {
    const { sent, schedule, appended, acked } = this
    return `${count(sent)} of ${count(schedule.total)} sent, ${count(appended)} appended, ${count(acked)} acked`
  }
}

/** The server's processor time per append, from the end of the warm-up to the last answer of an append. */
class Usage {
  readonly #pids: readonly number[]
  readonly #tally: Tally
  #before: { readonly seconds: number; readonly appended: number } | undefined
  us = Number.NaN

  constructor(pids: readonly number[], tally: Tally) {
    this.#pids = pids
    this.#tally = tally
  }

  begin(): void {
    this.#before = { seconds: secondsOfAll(this.#pids), appended: this.#tally.appended }
  }

  end(): void {
    if (this.#before === undefined) return
    const { seconds, appended } = this.#before
    this.us = (1e6 * (secondsOfAll(this.#pids) - seconds)) / (this.#tally.appended - appended)
  }
}

async function append(client: Client, tally: Tally): Promise<void> {
  const { schedule, startedAt } = tally
  const maxUnanswered = MAX_BEHIND_SECONDS * schedule.maxPerSecond
  await pace({ schedule, startedAt, maxUnanswered }, (number) => appendOne(client, tally, number))
  tally.isSending = false
}

async function appendOne(client: Client, tally: Tally, number: number): Promise<void> {
  // Not computed from the time when it was due: rounding could move it across the end of the warm-up.
  const dueMs = tally.schedule.dueMs(number)
  tally.sentAt(dueMs)
  try {
    await client.append(number, 1)
    tally.appended++
  } catch (error) {
    tally.refusal ??= String(error)
  }
  tally.answered++
  tally.answeredSince(dueMs)
}

async function consume(client: Client, tally: Tally, consumer: string): Promise<void> {
  while (!tally.isOver) {
    const entries = await client.read(consumer, BATCH, WAIT_MS)
    const { nowMs } = tally
    tally.reads++
    for (const { number } of entries) tally.deliver(number, nowMs)
    tally.delivered += entries.length
    if (entries.length === 0) continue
    tally.lastDeliveryMs = nowMs
    const acked = await client.ack(entries.map(({ id }) => id))
    tally.answeredSince(nowMs)
    tally.acked += acked
  }
}

/** Verifies that every entry was delivered exactly once and acked, by the consumers' counts and by the server's. */
async function check(client: Client, tally: Tally, before: number): Promise<void> {
  const { sent, appended, acked, refusal } = tally
  const lost = tally.deliveries.subarray(0, sent).filter((times) => times === 0).length
  const doubled = tally.deliveries.filter((times) => times > 1).length
  verify(
    'every entry was appended, delivered once and acked.',
    { appended, lost, doubled, acked, refusal, ...(await client.counts()) },
    { appended: sent, lost: 0, doubled: 0, acked: sent, refusal: undefined, ...allDone(before + sent) }
  )
}
