import { agree, ask } from '../ask.ts'
import { LeanClient } from '../lean-client.ts'
import { pace } from '../pace.ts'
import { Latencies, PERCENTILES } from '../percentiles.ts'
import { watchProcessors } from '../processors.ts'
import { progress, type Scenario } from '../scenario.ts'
import { startWeir } from '../server.ts'
import { count, ms, printTable } from '../table.ts'

const APPENDS_A_MS = 10
const CONSUMERS = 10
const BATCH = 100
const WAIT_MS = 1000
const WARM_UP_MS = 3000
/** When the last append is answered and nothing was delivered for so long, what is missing is not going to come. */
const GIVE_UP_MS = 10_000
const STREAM = '/v1/streams/orders'
const GROUP = `${STREAM}/groups/billing`
const PADDING = 'x'.repeat(100)

/**
 * Ten appends fall due every millisecond, one after the other, whether those before were answered or not: a slow
 * answer does not slow down what follows it, and an append that is sent late counts from when it was due. Ten
 * consumers long-poll, ack what they get and poll again. Each entry carries its number, which tells when it was due.
 */
export const paced: Scenario = {
  name: 'paced',
  about: '10,000 appends a second, one entry each; 10 consumers that long-poll and ack',
  defaultSeconds: 20,
  async run({ seconds }) {
    const weir = await startWeir()
    const producer = new LeanClient(weir.port)
    const client = new LeanClient(weir.port)
    let showing: NodeJS.Timeout | undefined
    try {
      await ask(client, 'PUT', GROUP, '{"createStream":true}')
      const processors = watchProcessors(weir.pid)
      const tally = new Tally(WARM_UP_MS + seconds * 1000)
      showing = setInterval(() => progress(tally.progress()), 1000)
      const consumers = Array.from({ length: CONSUMERS }, (_, i) => consume(client, tally, `consumer-${i}`))
      await Promise.all([append(producer, tally), ...consumers])
      print(tally, seconds, producer.connections)
      console.log(`Work done, ${processors()}`)
      return await agrees(client, tally)
    } finally {
      clearInterval(showing)
      producer.close()
      client.close()
      await weir.stop()
    }
  }
}

/** What was sent, answered, delivered and acked, and how long it took. */
class Tally {
  readonly total: number
  readonly startedAt = performance.now()
  readonly sendLatencies = new Latencies()
  readonly appendLatencies = new Latencies()
  readonly deliveryLatencies = new Latencies()
  /** How often each entry was delivered, by its number. */
  readonly deliveries: Uint8Array
  readonly refusals: string[] = []
  sent = 0
  appended = 0
  delivered = 0
  acked = 0
  reads = 0
  lastDeliveryAt = this.startedAt

  constructor(durationMs: number) {
    this.total = durationMs * APPENDS_A_MS
    this.deliveries = new Uint8Array(this.total)
  }

  dueAt(number: number): number {
    return this.startedAt + number / APPENDS_A_MS
  }

  counts(number: number): boolean {
    return number >= WARM_UP_MS * APPENDS_A_MS
  }

  get complete(): boolean {
    if (this.delivered >= this.total) return true
    const allAnswered = this.appended + this.refusals.length === this.total
    return allAnswered && performance.now() - this.lastDeliveryAt > GIVE_UP_MS
  }

  progress(): string {
    return `${count(this.sent)} of ${count(this.total)} sent, ${count(this.appended)} kept, ${count(this.acked)} acked`
  }
}

function append(client: LeanClient, tally: Tally): Promise<void> {
  const { total, startedAt } = tally
  return pace({ total, perMs: APPENDS_A_MS, startedAt }, (number, dueAt) => {
    tally.sent++
    return appendOne(client, tally, number, dueAt)
  })
}

async function appendOne(client: LeanClient, tally: Tally, number: number, dueAt: number): Promise<void> {
  if (tally.counts(number)) tally.sendLatencies.add(performance.now() - dueAt)
  const fields = `{"number":"${number}","padding":"${PADDING}"}`
  const { status, body } = await client.send(
    'POST',
    `${STREAM}/entries`,
    `{"entries":[{"fields":${fields}}]}`
  )
  if (status === 201) tally.appended++
  else tally.refusals.push(body)
  if (tally.counts(number)) tally.appendLatencies.add(performance.now() - dueAt)
}

async function consume(client: LeanClient, tally: Tally, consumer: string): Promise<void> {
  const request = JSON.stringify({ consumer, count: BATCH, waitMs: WAIT_MS })
  while (!tally.complete) {
    const { entries } = await ask(client, 'POST', `${GROUP}/read`, request)
    const now = performance.now()
    tally.reads++
    for (const { fields } of entries) {
      const number = Number(fields.number)
      tally.deliveries[number] = (tally.deliveries[number] ?? 0) + 1
      if (tally.counts(number)) tally.deliveryLatencies.add(now - tally.dueAt(number))
    }
    tally.delivered += entries.length
    if (entries.length === 0) continue
    tally.lastDeliveryAt = now
    const ids = entries.map(({ id }: { id: string }) => id)
    const { acked } = await ask(client, 'POST', `${GROUP}/ack`, JSON.stringify({ ids }))
    tally.acked += acked
  }
}

function print(tally: Tally, seconds: number, connections: number): void {
  const head = ['ms from when the append was due', ...PERCENTILES.map((p) => (p === 100 ? 'max' : `p${p}`))]
  printTable(paced.about, head, [
    ['until it was sent', ...tally.sendLatencies.percentiles().map(ms)],
    ['until its answer', ...tally.appendLatencies.percentiles().map(ms)],
    ['until a consumer had it', ...tally.deliveryLatencies.percentiles().map(ms)]
  ])
  const elapsedMs = WARM_UP_MS + seconds * 1000
  console.log(
    `${count(tally.appended)} appended in ${elapsedMs / 1000} s, of which ${WARM_UP_MS / 1000} s of warm-up are not in the table; ` +
      `${count(tally.reads)} reads of ${(tally.delivered / tally.reads).toFixed(1)} entries; the appends took ${connections} connections`
  )
}

/** Whether every entry was delivered exactly once and acked, and whether the server says so too. */
async function agrees(client: LeanClient, tally: Tally): Promise<boolean> {
  const { total } = tally
  const lost = tally.deliveries.filter((times) => times === 0).length
  const doubled = tally.deliveries.filter((times) => times > 1).length
  const { length } = await ask(client, 'GET', STREAM)
  const { entriesRead, pending, lag } = await ask(client, 'GET', GROUP)
  const expected = {
    refused: 0,
    lost: 0,
    doubled: 0,
    acked: total,
    length: total,
    entriesRead: total,
    pending: 0,
    lag: 0,
    refusal: undefined
  }
  const actual = {
    refused: tally.refusals.length,
    lost,
    doubled,
    acked: tally.acked,
    length,
    entriesRead,
    pending,
    lag,
    refusal: tally.refusals[0]
  }
  return agree('Every entry was delivered exactly once and acked.', actual, expected)
}
