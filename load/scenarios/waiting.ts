import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../clients/lean-client.ts'
import { appendBody, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { Latencies } from '../percentiles.ts'
import { processMemory } from '../process-memory.ts'
import { requestJson } from '../request-json.ts'
import { count, ms } from '../results/table.ts'
import { progress, type Scenario, type ScenarioOptions } from '../scenario.ts'
import { startWeir } from '../server.ts'
import { verify } from '../verify.ts'

const READERS = 10_000
/** With fewer, the memory per reader is not meaningful. */
const MIN_READERS = 1000
/** Long enough that no reader gets an empty answer during the measurement. */
const WAIT_MS = 60_000
const APPEND_EVERY_MS = 5
/** An entry that was not delivered after this time counts as lost. */
const GIVE_UP_MS = 10_000
const POLL_MS = 20

/**
 * Parks readers in one group, each as a consumer of its own on a connection of its own, and appends an entry every few
 * milliseconds. The reader that gets the entry acks it and waits again. So the number of waiting readers stays the
 * same.
 */
export const waiting: Scenario = {
  name: 'waiting',
  about: `${count(READERS)} readers waiting in one group: their memory, and how many an append wakes`,
  defaultSeconds: 10,
  contenders: ['weir'],
  rows: {
    kib: {
      question: `L5 memory per waiting reader, with ${count(READERS)} of them, KiB`,
      show: (kib) => kib.toFixed(1),
      value: { atMost: 20 }
    },
    woken: {
      question: 'readers woken per append',
      show: (readers) => readers.toFixed(2),
      value: { atLeast: 1, atMost: 1 },
      required: true
    },
    p99: { question: 'append to delivery, p99, ms', show: ms, value: { atMost: 20 } }
  },
  async measure(options) {
    const readers = Math.max(MIN_READERS, READERS * options.share)
    const server = await startWeir(options.weir)
    const crowd = new Crowd(server.port, readers)
    const producer = new LeanClient(server.port)
    try {
      await requestJson(producer, 'PUT', GROUP_PATH, '{"createStream":true}')
      const before = await processMemory(server.pid)
      // The readers never stop by themselves, but they may fail.
      const readersFailed = crowd.wait()
      const measured = measure(producer, crowd, options, async () => {
        const { anonymous } = await processMemory(server.pid)
        return anonymous - before.anonymous
      })
      const { bytes, woken, p99 } = await Promise.race([measured, readersFailed])
      return {
        figures: { kib: { weir: bytes / 1024 / readers }, woken: { weir: woken }, p99: { weir: p99 } }
      }
    } finally {
      producer.close()
      crowd.close()
      await server.stop()
    }
  }
}

async function measure(
  producer: LeanClient,
  crowd: Crowd,
  { seconds, warmUpSeconds }: ScenarioOptions,
  memoryGrowth: () => Promise<number>
) {
  await allWaiting(producer, crowd.readers)
  const bytes = await memoryGrowth()
  progress(`${count(crowd.readers)} readers wait, ${(bytes / 1024 / crowd.readers).toFixed(1)} KiB each`)
  await appendSteadily(producer, crowd, warmUpSeconds)
  crowd.latencies = new Latencies()
  const answersBefore = crowd.answers
  const appended = await appendSteadily(producer, crowd, seconds)
  const woken = (crowd.answers - answersBefore) / appended
  await check(producer, crowd)
  const [p99 = Number.NaN] = crowd.latencies.percentiles([99])
  return { bytes, woken, p99 }
}

/** The waiting readers, and what they received. */
class Crowd {
  readonly readers: number
  readonly #client: LeanClient
  /** When each entry was sent, by the entry's number. */
  readonly sentAt: number[] = []
  latencies = new Latencies()
  /** The number of answers to reads, empty ones included. */
  answers = 0
  delivered = 0
  acked = 0

  constructor(port: number, readers: number) {
    this.readers = readers
    this.#client = new LeanClient(port, { maxConnections: readers })
  }

  /** Starts the readers. Rejects if a request of a reader is refused. */
  wait(): Promise<never> {
    return Promise.race(Array.from({ length: this.readers }, (_, i) => this.#reader(`consumer-${i}`)))
  }

  close(): void {
    this.#client.close()
  }

  async #reader(consumer: string): Promise<never> {
    const request = JSON.stringify({ consumer, count: 1, waitMs: WAIT_MS })
    for (;;) {
      const { entries } = await requestJson(this.#client, 'POST', `${GROUP_PATH}/read`, request)
      this.answers++
      if (entries.length === 0) continue
      const [{ fields }] = entries
      this.latencies.add(performance.now() - (this.sentAt[Number(fields.number)] ?? Number.NaN))
      this.delivered += entries.length
      const ids = entries.map(({ id }: { id: string }) => id)
      const { acked } = await requestJson(this.#client, 'POST', `${GROUP_PATH}/ack`, JSON.stringify({ ids }))
      this.acked += acked
    }
  }
}

/** Resolves when the server's metrics show that all readers wait. */
async function allWaiting(client: LeanClient, readers: number): Promise<void> {
  for (let waiting = 0; waiting < readers; await sleep(POLL_MS)) {
    const { body } = await client.send('GET', '/metrics')
    waiting = Number(/^weir_readers_waiting (\d+)/m.exec(body)?.[1])
  }
}

/** Appends an entry every few milliseconds, then waits until all are delivered and acked. Returns their number. */
async function appendSteadily(client: LeanClient, crowd: Crowd, seconds: number): Promise<number> {
  const first = crowd.sentAt.length
  const startedAt = performance.now()
  const answers: Promise<unknown>[] = []
  for (; performance.now() - startedAt < seconds * 1000; await sleep(APPEND_EVERY_MS)) {
    const number = crowd.sentAt.push(performance.now()) - 1
    answers.push(requestJson(client, 'POST', `${STREAM_PATH}/entries`, appendBody(number, 1)))
  }
  await Promise.all(answers)
  const giveUpAt = performance.now() + GIVE_UP_MS
  while (crowd.acked < crowd.sentAt.length && performance.now() < giveUpAt) await sleep(POLL_MS)
  return crowd.sentAt.length - first
}

async function check(client: LeanClient, crowd: Crowd): Promise<void> {
  const { delivered, acked, answers } = crowd
  const { pending, consumers, lag } = await requestJson(client, 'GET', GROUP_PATH)
  const all = crowd.sentAt.length
  verify(
    'every entry was delivered to one reader, and no other reader was woken.',
    { delivered, acked, answers, pending, consumers, lag },
    { delivered: all, acked: all, answers: all, pending: 0, consumers: crowd.readers, lag: 0 }
  )
}
