import { setTimeout as sleep } from 'node:timers/promises'
import { LeanClient } from '../clients/lean-client.ts'
import { appendBody, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { Latencies } from '../percentiles.ts'
import { type ProcessMemory, processMemory } from '../process-memory.ts'
import { ask, mustAgree } from '../request.ts'
import { count, mib, ms } from '../results/table.ts'
import { progress, type Scenario } from '../scenario.ts'
import { startWeir } from '../server.ts'

const ENTRIES = 20_000_000
const BATCH = 1000
const AT_A_TIME = 4
/** Of Weir's default configuration. */
const BUDGET_BYTES = 256 * 1024 ** 2
const SAMPLE_MS = 1000
/** Between two appends to the tail. */
const TAIL_MS = 10
const WAIT_MS = 1000
/** For what does not grow with the budget: code, young objects, threads. */
const BASE_BYTES = 96 * 1024 ** 2
/** The budget is what it was told, so this does not depend on the machine, and a run that passes it fails. */
const OWN_MEMORY = { show: mib, value: { atMost: 1.2 * BUDGET_BYTES + BASE_BYTES }, required: true }

/**
 * Lets a stream grow to many times the memory budget, reads its tail while nothing else happens, and then reads it
 * again while somebody reads all of the stream from its beginning. Memory is sampled every second.
 */
export const memory: Scenario = {
  name: 'memory',
  // Unlike times, bytes hardly differ between runs, and a run takes minutes.
  defaultRuns: 1,
  about: `memory while a stream grows to ${count(ENTRIES)} entries and while all of it is read`,
  defaultSeconds: 20,
  contenders: ['weir'],
  embeddedOnly: true,
  rows: {
    grown: {
      ...OWN_MEMORY,
      question: `L7 its own memory while a stream grows to ${count(ENTRIES)} entries, MiB`
    },
    read: { ...OWN_MEMORY, question: 'while all of it is read, MiB' },
    tail: {
      question: 'append to delivery at its end meanwhile, p99, ms, against a quiet time',
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
      await ask(client, 'PUT', GROUP_PATH, '{"after":"last"}')
      const tail = new Tail(client)
      const quiet = await tail.during(() => sleep(seconds * 1000))
      let scanned = 0
      let reading = quiet
      const read = await samples.during(async () => {
        reading = await tail.during(async () => {
          scanned = await readAll(client, entries)
        })
      })
      const { length } = await ask(client, 'GET', STREAM_PATH)
      const { pending, lag } = await ask(client, 'GET', GROUP_PATH)
      mustAgree(
        'the scan read every entry once, in order, and the tail reader got every entry of the tail.',
        { scanned, length, pending, lag, delivered: tail.delivered },
        { scanned: entries, length: entries + tail.appended, pending: 0, lag: 0, delivered: tail.appended }
      )
      const figures = {
        grown: { weir: grown.anonymous },
        read: { weir: read.anonymous },
        tail: { weir: p99(reading), baseline: p99(quiet) }
      }
      return { figures, notes: [noteOf('growing', grown), noteOf('read', read)] }
    } finally {
      samples.close()
      client.close()
      await weir.stop()
    }
  }
}

/** The most there was at any sample, of each kind. */
class Samples {
  readonly #pid: number
  readonly #timer: NodeJS.Timeout
  #most: ProcessMemory = { resident: 0, anonymous: 0, file: 0 }

  constructor(pid: number) {
    this.#pid = pid
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS)
  }

  async during(work: () => Promise<unknown>): Promise<ProcessMemory> {
    this.#most = { resident: 0, anonymous: 0, file: 0 }
    await work()
    await this.#sample()
    return this.#most
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #sample(): Promise<void> {
    const { resident, anonymous, file } = await processMemory(this.#pid)
    this.#most = {
      resident: Math.max(this.#most.resident, resident),
      anonymous: Math.max(this.#most.anonymous, anonymous),
      file: Math.max(this.#most.file, file)
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
      await ask(client, 'POST', `${STREAM_PATH}/entries`, body)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, send))
}

/** Appends an entry every so often, and a consumer that waits for it, reads it and acks it. */
class Tail {
  readonly #client: LeanClient
  appended = 0
  delivered = 0

  constructor(client: LeanClient) {
    this.#client = client
  }

  /** How long after it was sent each entry came to the consumer. */
  async during(work: () => Promise<unknown>): Promise<Latencies> {
    const latencies = new Latencies()
    let isOver = false
    const appending = async (): Promise<void> => {
      for (; !isOver; await sleep(TAIL_MS)) {
        const body = `{"entries":[{"fields":{"at":"${performance.now()}"}}]}`
        await ask(this.#client, 'POST', `${STREAM_PATH}/entries`, body)
        this.appended++
      }
    }
    const consuming = async (): Promise<void> => {
      const request = JSON.stringify({ consumer: 'ann', count: 100, waitMs: WAIT_MS })
      while (!isOver || this.delivered < this.appended) {
        const { entries } = await ask(this.#client, 'POST', `${GROUP_PATH}/read`, request)
        for (const { fields } of entries) latencies.add(performance.now() - Number(fields.at))
        this.delivered += entries.length
        if (entries.length === 0) continue
        const ids = entries.map(({ id }: { id: string }) => id)
        await ask(this.#client, 'POST', `${GROUP_PATH}/ack`, JSON.stringify({ ids }))
      }
    }
    const done = work().finally(() => {
      isOver = true
    })
    await Promise.all([done, appending(), consuming()])
    return latencies
  }
}

/** Reads from the beginning, page after page, and gives how many entries came, each above the one before. */
async function readAll(client: LeanClient, entries: number): Promise<number> {
  let after = '0-0'
  let read = 0
  while (read < entries) {
    const limit = Math.min(BATCH, entries - read)
    const page = await ask(client, 'GET', `${STREAM_PATH}/entries?limit=${limit}&after=${after}`)
    if (page.entries.length === 0) break
    for (const { id } of page.entries) {
      if (!isAbove(id, after)) throw new Error(`${id} came after ${after}`)
      after = id
    }
    read += page.entries.length
    if (read % (1000 * BATCH) === 0) progress(`${count(read)} of ${count(entries)} entries read back`)
  }
  return read
}

function isAbove(id: string, other: string): boolean {
  const [ms = 0, seq = 0] = id.split('-').map(Number)
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number)
  return ms > otherMs || (ms === otherMs && seq > otherSeq)
}

function p99(latencies: Latencies): number {
  return latencies.percentiles([99])[0] ?? Number.NaN
}

function noteOf(when: string, { anonymous, file, resident }: ProcessMemory): string {
  return `memory, most while ${when}: its own ${mib(anonymous)} MiB, pages of files ${mib(file)}, resident ${mib(resident)}`
}
