import { mustAgree } from '../ask.ts'
import { type Client, clientOf } from '../clients/client.ts'
import { allDone } from '../orders.ts'
import { pace } from '../pace.ts'
import { Latencies } from '../percentiles.ts'
import { watchProcessors } from '../processors.ts'
import { count, ms } from '../results/table.ts'
import type { Contender, Figures, Point, Row, Scenario, ScenarioOptions } from '../scenario.ts'
import { progress } from '../scenario.ts'
import { startContender } from '../server.ts'

const APPENDS_A_MS = 10
const CONSUMERS = 10
const BATCH = 100
const WAIT_MS = 1000
/** When the last append is answered and nothing was delivered for so long, what is missing is not going to come. */
const GIVE_UP_MS = 10_000
/** Five seconds behind: whoever cannot follow is not measured for longer. */
const MOST_UNANSWERED = 5000 * APPENDS_A_MS

/** The percentiles of the plot; the last one is the longest that any entry took. */
const CURVE = [50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100]

/**
 * Ten appends fall due every millisecond, one after the other, whether those before were answered or not: a slow
 * answer does not slow down what follows it, and an append that is sent late counts from when it was due. Ten
 * consumers long-poll, ack what they get and poll again. Each entry carries its number, which tells when it was due.
 * autocannon cannot do this: each of its connections waits for its answer before it sends again.
 */
export const paced: Scenario = {
  name: 'paced',
  about: '10,000 appends a second, one entry each; 10 consumers that long-poll and ack',
  defaultSeconds: 60,
  contenders: ['weir', 'direct', 'proxy'],
  rows: {
    p50: row('L4 append to delivery at 10,000 a second: p50, ms'),
    p99: row('p99, ms', 10),
    p99_9: row('p99.9, ms', 25),
    max: { ...row('longest, ms') }
  },
  async measure(options) {
    const figures: Record<string, Figures> = {}
    const curves: Partial<Record<Contender, Point[]>> = {}
    const notes: string[] = []
    for (const contender of options.contenders) {
      const { latencies, note } = await measure(contender, options)
      const [p50, p99, p99_9, max] = latencies.percentiles()
      for (const [name, value] of Object.entries({ p50, p99, p99_9, max }))
        figures[name] = { ...figures[name], [contender]: value }
      curves[contender] = latencies.percentiles(CURVE).map((took, i) => [CURVE[i] ?? 0, took])
      notes.push(note)
    }
    return { figures, curves, notes }
  }
}

function row(question: string, mostMs?: number): Row {
  const shown: Row = { question, show: ms, against: 'direct' }
  return mostMs === undefined ? shown : { ...shown, value: { atMost: mostMs }, ratio: { atMost: 2 } }
}

async function measure(contender: Contender, { seconds, warmUpSeconds, weir }: ScenarioOptions) {
  const server = await startContender(contender, weir)
  const client = clientOf(contender, server)
  let showing: NodeJS.Timeout | undefined
  try {
    await client.open()
    const processors = watchProcessors(server.pids)
    const tally = new Tally(warmUpSeconds * 1000, seconds * 1000)
    showing = setInterval(() => progress(`${contender}: ${tally.progress()}`), 2000)
    const consumers = Array.from({ length: CONSUMERS }, (_, i) => consume(client, tally, `consumer-${i}`))
    await Promise.all([append(client, tally), ...consumers])
    const cut =
      tally.sent < tally.total ? ` It could not follow, and was given up after ${count(tally.sent)}.` : ''
    const reads = `reads of ${(tally.delivered / tally.reads).toFixed(1)} entries`
    const note = `${contender}: p99 of sending late ${ms(tally.late.percentiles([99])[0] ?? 0)} ms; ${reads}; ${processors()}.${cut}`
    progress(note)
    await check(client, tally)
    return { latencies: tally.latencies, note }
  } finally {
    clearInterval(showing)
    client.close()
    await server.stop()
  }
}

/** What was sent, answered, delivered and acked, and how long it took. */
class Tally {
  readonly total: number
  readonly startedAt = performance.now()
  /** From when an append was due until it was sent: what the generator itself adds. */
  readonly late = new Latencies()
  /** From when an append was due until a consumer had its entry. */
  readonly latencies = new Latencies()
  /** How often each entry was delivered, by its number. */
  readonly deliveries: Uint8Array
  readonly #warmUp: number
  refusal: string | undefined
  sent = 0
  answered = 0
  appended = 0
  delivered = 0
  acked = 0
  reads = 0
  isSending = true
  lastDeliveryAt = this.startedAt

  constructor(warmUpMs: number, durationMs: number) {
    this.#warmUp = warmUpMs * APPENDS_A_MS
    this.total = this.#warmUp + durationMs * APPENDS_A_MS
    this.deliveries = new Uint8Array(this.total)
  }

  dueAt(number: number): number {
    return this.startedAt + number / APPENDS_A_MS
  }

  counts(number: number): boolean {
    return number >= this.#warmUp
  }

  get isOver(): boolean {
    if (this.isSending || this.answered < this.sent) return false
    return this.delivered >= this.appended || performance.now() - this.lastDeliveryAt > GIVE_UP_MS
  }

  progress(): string {
    return `${count(this.sent)} of ${count(this.total)} sent, ${count(this.appended)} kept, ${count(this.acked)} acked`
  }
}

async function append(client: Client, tally: Tally): Promise<void> {
  const { total, startedAt } = tally
  const asked = { total, perMs: APPENDS_A_MS, startedAt, mostUnanswered: MOST_UNANSWERED }
  await pace(asked, async (number, dueAt) => {
    tally.sent++
    if (tally.counts(number)) tally.late.add(performance.now() - dueAt)
    try {
      await client.append(number, 1)
      tally.appended++
    } catch (error) {
      tally.refusal ??= String(error)
    }
    tally.answered++
  })
  tally.isSending = false
}

async function consume(client: Client, tally: Tally, consumer: string): Promise<void> {
  while (!tally.isOver) {
    const entries = await client.read(consumer, BATCH, WAIT_MS)
    const now = performance.now()
    tally.reads++
    for (const { number } of entries) {
      tally.deliveries[number] = (tally.deliveries[number] ?? 0) + 1
      if (tally.counts(number)) tally.latencies.add(now - tally.dueAt(number))
    }
    tally.delivered += entries.length
    if (entries.length === 0) continue
    tally.lastDeliveryAt = now
    const acked = await client.ack(entries.map(({ id }) => id))
    tally.acked += acked
  }
}

/** Every entry must have been delivered exactly once and acked, and the server must say so too. */
async function check(client: Client, tally: Tally): Promise<void> {
  const { sent, appended, acked, refusal } = tally
  const lost = tally.deliveries.subarray(0, sent).filter((times) => times === 0).length
  const doubled = tally.deliveries.filter((times) => times > 1).length
  mustAgree(
    'every entry was appended, delivered once and acked.',
    { appended, lost, doubled, acked, refusal, ...(await client.counts()) },
    { appended: sent, lost: 0, doubled: 0, acked: sent, refusal: undefined, ...allDone(sent) }
  )
}
