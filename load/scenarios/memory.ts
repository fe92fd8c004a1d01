import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../clients/lean-client.ts'
import { appendBody, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { Latencies } from '../percentiles.ts'
import { type ProcessMemory, processMemory } from '../process-memory.ts'
import { requestJson } from '../request-json.ts'
import { count, mib, ms } from '../results/table.ts'
import { progress, type Scenario } from '../scenario.ts'
import { startWeir } from '../server.ts'
import { verify } from '../verify.ts'

const ENTRIES = 20_000_000
const BATCH = 1000
const CONCURRENCY = 4
/** The memory budget of Weir's default configuration. */
const BUDGET_BYTES = 256 * 1024 ** 2
const SAMPLE_MS = 1000
/** The pause between two appends to the tail. */
const TAIL_MS = 10
const WAIT_MS = 1000
/** Memory that does not grow with the budget: code, young objects, threads. */
const BASE_BYTES = 96 * 1024 ** 2
/** The limit depends on Weir's configuration and not on the machine. So a run that exceeds it fails. */
const PRIVATE_MEMORY = { show: mib, value: { atMost: 1.2 * BUDGET_BYTES + BASE_BYTES }, required: true }

/**
 * Grows a stream to many times the memory budget. Then reads its tail, first without other load, then while another
 * client reads the whole stream from its start. Samples the memory every second.
 */
export const memory: Scenario = {
  name: 'memory',
  // Unlike times, bytes hardly differ between runs. And a run takes minutes.
  defaultRuns: 1,
  about: `memory while a stream grows to ${count(ENTRIES)} entries, and while all of it is read`,
  defaultSeconds: 20,
  contenders: ['weir'],
  embeddedOnly: true,
  rows: {
    grown: {
      ...PRIVATE_MEMORY,
      question: `L7 private memory while a stream grows to ${count(ENTRIES)} entries, MiB`
    },
    read: { ...PRIVATE_MEMORY, question: 'private memory while all of it is read, MiB' },
    tail: {
      question: 'append to delivery at its end during that read, compared with no other load: p99, ms',
      show: ms,
      against: 'baseline'
    }
  },
  async measure({ seconds, share, weir: options }) {
    const entries = ENTRIES * share
    const weir = await startWeir(options)
    const client = new LeanClient(weir.port)
    const samples = new Samples(weir.pid)
    try {
      const grown = await samples.during(() => grow(client, entries))
      await requestJson(client, 'PUT', GROUP_PATH, '{"after":"last"}')
      const tail = new Tail(client)
      const alone = await tail.during(() => sleep(seconds * 1000))
      let scanned = 0
      let duringScan = alone
      const read = await samples.during(async () => {
        duringScan = await tail.during(async () => {
          scanned = await readAll(client, entries)
        })
      })
      const { length } = await requestJson(client, 'GET', STREAM_PATH)
      const { pending, lag } = await requestJson(client, 'GET', GROUP_PATH)
      verify(
        'the scan read every entry once, in order, and the tail reader got every entry of the tail.',
        { scanned, length, pending, lag, delivered: tail.delivered },
        { scanned: entries, length: entries + tail.appended, pending: 0, lag: 0, delivered: tail.appended }
      )
      const figures = {
        grown: { weir: grown.anonymous },
        read: { weir: read.anonymous },
        tail: { weir: p99(duringScan), baseline: p99(alone) }
      }
      return { figures, notes: [noteOf('growing', grown), noteOf('reading', read)] }
    } finally {
      samples.close()
      client.close()
      await weir.stop()
    }
  }
}

/** Samples the memory of a process. */
class Samples {
  readonly #pid: number
  readonly #timer: NodeJS.Timeout
  #peak: ProcessMemory = { resident: 0, anonymous: 0, file: 0 }

  constructor(pid: number) {
    this.#pid = pid
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS)
  }

  /** Returns the highest sample of each kind of memory during `work`. */
  async during(work: () => Promise<unknown>): Promise<ProcessMemory> {
    this.#peak = { resident: 0, anonymous: 0, file: 0 }
    await work()
    await this.#sample()
    return this.#peak
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #sample(): Promise<void> {
    const { resident, anonymous, file } = await processMemory(this.#pid)
    this.#peak = {
      resident: Math.max(this.#peak.resident, resident),
      anonymous: Math.max(this.#peak.anonymous, anonymous),
      file: Math.max(this.#peak.file, file)
    }
  }
}

async function grow(client: LeanClient, entries: number): Promise<void> {
  const body = appendBody(0, BATCH)
  let sent = 0
  const send = async (): Promise<void> => {
    while (sent < entries) {
      sent += BATCH
      if (sent % (1000 * BATCH) === 0) progress(`${count(sent)} of ${count(entries)} entries appended`)
      await requestJson(client, 'POST', `${STREAM_PATH}/entries`, body)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, send))
}

/** A producer that appends an entry every TAIL_MS, and a consumer that long-polls, reads and acks it. */
class Tail {
  readonly #client: LeanClient
  appended = 0
  delivered = 0

  constructor(client: LeanClient) {
    this.#client = client
  }

  /** Runs both during `work`. Returns the time from when each entry was sent until the consumer had it. */
  async during(work: () => Promise<unknown>): Promise<Latencies> {
    const latencies = new Latencies()
    let isOver = false
    const appending = async (): Promise<void> => {
      for (; !isOver; await sleep(TAIL_MS)) {
        const body = `{"entries":[{"fields":{"at":"${performance.now()}"}}]}`
        await requestJson(this.#client, 'POST', `${STREAM_PATH}/entries`, body)
        this.appended++
      }
    }
    const consuming = async (): Promise<void> => {
      const request = JSON.stringify({ consumer: 'ann', count: 100, waitMs: WAIT_MS })
      while (!isOver || this.delivered < this.appended) {
        const { entries } = await requestJson(this.#client, 'POST', `${GROUP_PATH}/read`, request)
        for (const { fields } of entries) latencies.add(performance.now() - Number(fields.at))
        this.delivered += entries.length
        if (entries.length === 0) continue
        const ids = entries.map(({ id }: { id: string }) => id)
        await requestJson(this.#client, 'POST', `${GROUP_PATH}/ack`, JSON.stringify({ ids }))
      }
    }
    const done = work().finally(() => {
      isOver = true
    })
    await Promise.all([done, appending(), consuming()])
    return latencies
  }
}

/** Reads the stream page by page from its start. Returns the number of entries read. Throws if ids do not increase. */
async function readAll(client: LeanClient, entries: number): Promise<number> {
  let after = '0-0'
  let read = 0
  while (read < entries) {
    const limit = Math.min(BATCH, entries - read)
    const page = await requestJson(client, 'GET', `${STREAM_PATH}/entries?limit=${limit}&after=${after}`)
    if (page.entries.length === 0) break
    for (const { id } of page.entries) {
      if (!isGreater(id, after)) throw new Error(`The entry ${id} follows ${after}`)
      after = id
    }
    read += page.entries.length
    if (read % (1000 * BATCH) === 0) progress(`${count(read)} of ${count(entries)} entries read back`)
  }
  return read
}

function isGreater(id: string, other: string): boolean {
  const [ms = 0, seq = 0] = id.split('-').map(Number)
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number)
  return ms > otherMs || (ms === otherMs && seq > otherSeq)
}

function p99(latencies: Latencies): number {
  return latencies.percentiles([99])[0] ?? Number.NaN
}

function noteOf(when: string, { anonymous, file, resident }: ProcessMemory): string {
  return `memory, peak while ${when}: private ${mib(anonymous)} MiB, pages of files ${mib(file)}, resident ${mib(resident)}`
}
