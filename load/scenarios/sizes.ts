import { LeanClient } from '../clients/lean-client.ts'
import { consumer, fill, idOf, type Size } from '../fill.ts'
import { appendBody, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { withDirectory } from '../program.ts'
import { requestJson } from '../request-json.ts'
import { count } from '../results/table.ts'
import { type Figures, progress, type Row, type Scenario } from '../scenario.ts'
import { type Server, startWeir, type WeirOptions } from '../server.ts'
import { verify } from '../verify.ts'

const SMALL: Size = { entries: 10_000, pending: 1000 }
const LARGE: Size = { entries: 10_000_000, pending: 1_000_000 }
/** The number of requests for each operation in a round. */
const REQUESTS = 8
/** The number of entries of each request. */
const BATCH = 100
const CONCURRENCY = 4
/** Fewer in a run with a fraction of the entries. */
const WARM_UP_ROUNDS = 50
const MAX_RATIO = 1.3

/** The operations of a round, in this order. After it, as many entries are pending as before. */
const OPERATIONS = ['append', 'read', 'ack', 'pending', 'claim'] as const
type Operation = (typeof OPERATIONS)[number]

/**
 * Sends the same requests to a Weir with few entries and to one with many, in turns, so that other work on the machine
 * affects both alike. Acks and claims are for whole batches as they were read, from random positions in the pending
 * list.
 */
export const sizes: Scenario = {
  name: 'sizes',
  about: `requests for ${BATCH} entries in a stream of ${count(LARGE.entries)}, compared with one of ${count(SMALL.entries)}`,
  defaultSeconds: 60,
  contenders: ['weir'],
  embeddedOnly: true,
  rows: Object.fromEntries(OPERATIONS.map((operation, i) => [operation, rowOf(operation, i === 0)])),
  measure: ({ seconds, share, weir }) =>
    withDirectory(async (directory) => {
      const large = { entries: LARGE.entries * share, pending: LARGE.pending * share }
      const sides = [
        await makeSide(`${directory}/small`, SMALL, weir),
        await makeSide(`${directory}/large`, large, weir)
      ]
      const warmUpRounds = Math.ceil(WARM_UP_ROUNDS * share)
      try {
        const endAt = performance.now() + seconds * 1000
        let rounds = 0
        for (; performance.now() < endAt || rounds <= warmUpRounds; rounds++) {
          for (const side of rounds % 2 === 0 ? sides : sides.toReversed())
            await round(side, rounds >= warmUpRounds)
          if (rounds % 100 === 0) progress(`${rounds} rounds`)
        }
        await check(sides, rounds)
        return {
          figures: Object.fromEntries(OPERATIONS.map((operation) => [operation, figuresOf(operation, sides)]))
        }
      } finally {
        for (const { client } of sides) client.close()
        for (const { server } of sides) await server.stop()
      }
    })
}

function rowOf(operation: Operation, isFirst: boolean): Row {
  const first = `L6 ${operation} of ${BATCH}, ms, with ${sizeText(LARGE)}, compared with ${sizeText(SMALL)}`
  return {
    question: isFirst ? first : `${operation} of ${BATCH}, ms`,
    show: (value) => value.toFixed(3),
    against: 'baseline',
    ratio: { atMost: MAX_RATIO }
  }
}

function sizeText({ entries, pending }: Size): string {
  return `${count(entries)} entries and ${count(pending)} pending`
}

/** One of the two servers, and its measurements. */
interface Side {
  readonly size: Size
  readonly server: Server
  readonly client: LeanClient
  /** Ids of pending entries, batch by batch. */
  readonly batches: string[][]
  /** Milliseconds per request, one figure for each round. */
  readonly took: Record<Operation, number[]>
  /** The number of requests that affected fewer entries than expected. */
  incomplete: number
  turn: number
}

async function makeSide(directory: string, size: Size, weir: WeirOptions): Promise<Side> {
  await fill(directory, size)
  const server = await startWeir({ ...weir, dataDirectory: directory })
  const first = size.entries - size.pending
  const batches = Array.from({ length: size.pending / BATCH }, (_, batch) =>
    Array.from({ length: BATCH }, (_, i) => idOf(first + batch * BATCH + i))
  )
  const took = { append: [], read: [], ack: [], pending: [], claim: [] }
  return { size, server, client: new LeanClient(server.port), batches, took, incomplete: 0, turn: 0 }
}

async function round(side: Side, counts: boolean): Promise<void> {
  for (const operation of OPERATIONS) {
    const requests = Array.from({ length: REQUESTS }, () => REQUEST[operation](side))
    const startedAt = performance.now()
    const answers: unknown[][] = []
    const send = async (): Promise<void> => {
      for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
        const answer = await requestJson(side.client, ...request)
        answers.push(answer[LIST[operation]] ?? [])
        if (operation === 'ack') side.incomplete += answer.acked === BATCH ? 0 : 1
      }
    }
    await Promise.all(Array.from({ length: CONCURRENCY }, send))
    if (counts) side.took[operation].push((performance.now() - startedAt) / REQUESTS)
    for (const list of answers) {
      if (list.length !== (operation === 'ack' ? 0 : BATCH)) side.incomplete++
      if (operation === 'read') side.batches.push((list as { id: string }[]).map(({ id }) => id))
    }
  }
}

type Request = [method: string, path: string, body?: string]

const REQUEST: Record<Operation, (side: Side) => Request> = {
  append: () => ['POST', `${STREAM_PATH}/entries`, APPEND],
  read: (side) => ['POST', `${GROUP_PATH}/read`, body({ consumer: consumer(side.turn++), count: BATCH })],
  ack: (side) => ['POST', `${GROUP_PATH}/ack`, body({ ids: removeRandom(side.batches) })],
  pending: (side) => ['GET', `${GROUP_PATH}/pending?limit=${BATCH}&from=${randomOf(side.batches)[0]}`],
  claim: (side) => [
    'POST',
    `${GROUP_PATH}/claim`,
    body({ consumer: consumer(side.turn++), ids: randomOf(side.batches) })
  ]
}

/** The member of an answer that lists its entries: a whole batch, or for acks the entries that were not pending. */
const LIST: Record<Operation, string> = {
  append: 'ids',
  read: 'entries',
  ack: 'notPending',
  pending: 'pending',
  claim: 'entries'
}

const APPEND = appendBody(0, BATCH)

function body(request: object): string {
  return JSON.stringify(request)
}

function randomOf<T>(items: T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T
}

function removeRandom<T>(items: T[]): T {
  const at = Math.floor(Math.random() * items.length)
  const removed = items[at] as T
  items[at] = items.at(-1) as T
  items.pop()
  return removed
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function figuresOf(operation: Operation, sides: Side[]): Figures {
  const [baseline = 0, weir = 0] = sides.map(({ took }) => median(took[operation]))
  return { weir, baseline }
}

/** Verifies that every request affected all its entries, and that no entry was lost. */
async function check(sides: Side[], rounds: number): Promise<void> {
  const actual: object[] = []
  const expected: object[] = []
  for (const { client, size, incomplete } of sides) {
    const { length } = await requestJson(client, 'GET', STREAM_PATH)
    const { pending, lag } = await requestJson(client, 'GET', GROUP_PATH)
    actual.push({ incomplete, length, pending, lag })
    const appended = rounds * REQUESTS * BATCH
    expected.push({ incomplete: 0, length: size.entries + appended, pending: size.pending, lag: 0 })
  }
  verify('every request affected all its entries, and no entry was lost.', actual, expected)
}
