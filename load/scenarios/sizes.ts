import { LeanClient } from '../clients/lean-client.ts'
import { consumer, fill, idOf, type Size } from '../fill.ts'
import { appendBody, GROUP_PATH, STREAM_PATH } from '../orders.ts'
import { withDirectory } from '../program.ts'
import { ask, mustAgree } from '../request.ts'
import { count } from '../results/table.ts'
import { type Figures, progress, type Row, type Scenario } from '../scenario.ts'
import { type Server, startWeir, type WeirOptions } from '../server.ts'

const SMALL: Size = { entries: 10_000, pending: 1000 }
const LARGE: Size = { entries: 10_000_000, pending: 1_000_000 }
/** Of each operation in a round, so many requests for so many entries each, some of them at a time. */
const REQUESTS = 8
const BATCH = 100
const AT_A_TIME = 4
/** Of a run with all of the entries. */
const WARM_UP_ROUNDS = 50
const MOST = 1.3

/** What a round does, in this order; in the end there is as much pending as before. */
const OPERATIONS = ['append', 'read', 'ack', 'pending', 'claim'] as const
type Operation = (typeof OPERATIONS)[number]

/**
 * The same requests to a Weir that holds little and to one that holds much, in turns, so that whatever else the
 * machine does, it does to both. What is acked and claimed are batches as they were read, from anywhere in the list.
 */
export const sizes: Scenario = {
  name: 'sizes',
  about: `requests for ${BATCH} entries at ${count(LARGE.entries)} entries and ${count(LARGE.pending)} pending, against ${count(SMALL.entries)} and ${count(SMALL.pending)}`,
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
  const { entries, pending } = LARGE
  const where = `at ${count(entries)} entries and ${count(pending)} pending, against ${count(SMALL.entries)} and ${count(SMALL.pending)}`
  return {
    question: isFirst ? `L6 ${operation} of ${BATCH}, ms, ${where}` : `${operation} of ${BATCH}, ms`,
    show: (value) => value.toFixed(3),
    against: 'baseline',
    ratio: { atMost: MOST }
  }
}

/** One of the two, and what was measured of it. */
interface Side {
  readonly size: Size
  readonly server: Server
  readonly client: LeanClient
  /** Ids of pending entries, batch by batch. */
  readonly batches: string[][]
  /** Milliseconds a request, one for each round. */
  readonly took: Record<Operation, number[]>
  /** Requests that did not do all that they were to do. */
  short: number
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
  return { size, server, client: new LeanClient(server.port), batches, took, short: 0, turn: 0 }
}

async function round(side: Side, counts: boolean): Promise<void> {
  for (const operation of OPERATIONS) {
    const requests = Array.from({ length: REQUESTS }, () => REQUEST[operation](side))
    const startedAt = performance.now()
    const answers: unknown[][] = []
    const send = async (): Promise<void> => {
      for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
        const answer = await ask(side.client, ...request)
        answers.push(answer[LIST[operation]] ?? [])
        if (operation === 'ack') side.short += answer.acked === BATCH ? 0 : 1
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, send))
    if (counts) side.took[operation].push((performance.now() - startedAt) / REQUESTS)
    for (const list of answers) {
      if (list.length !== (operation === 'ack' ? 0 : BATCH)) side.short++
      if (operation === 'read') side.batches.push((list as { id: string }[]).map(({ id }) => id))
    }
  }
}

type Request = [method: string, path: string, body?: string]

const REQUEST: Record<Operation, (side: Side) => Request> = {
  append: () => ['POST', `${STREAM_PATH}/entries`, APPEND],
  read: (side) => ['POST', `${GROUP_PATH}/read`, body({ consumer: consumer(side.turn++), count: BATCH })],
  ack: (side) => ['POST', `${GROUP_PATH}/ack`, body({ ids: takeAny(side.batches) })],
  pending: (side) => ['GET', `${GROUP_PATH}/pending?limit=${BATCH}&from=${anyOf(side.batches)[0]}`],
  claim: (side) => [
    'POST',
    `${GROUP_PATH}/claim`,
    body({ consumer: consumer(side.turn++), ids: anyOf(side.batches) })
  ]
}

/** Where an answer has what it is about: a batch, or with acks what was not pending. */
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

function anyOf<T>(items: T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T
}

function takeAny<T>(items: T[]): T {
  const at = Math.floor(Math.random() * items.length)
  const taken = items[at] as T
  items[at] = items.at(-1) as T
  items.pop()
  return taken
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function figuresOf(operation: Operation, sides: Side[]): Figures {
  const [baseline = 0, weir = 0] = sides.map(({ took }) => median(took[operation]))
  return { weir, baseline }
}

/** Every request must have done all it was to do, and nothing may be lost of what was there. */
async function check(sides: Side[], rounds: number): Promise<void> {
  const actual: object[] = []
  const expected: object[] = []
  for (const { client, size, short } of sides) {
    const { length } = await ask(client, 'GET', STREAM_PATH)
    const { pending, lag } = await ask(client, 'GET', GROUP_PATH)
    actual.push({ short, length, pending, lag })
    const appended = rounds * REQUESTS * BATCH
    expected.push({ short: 0, length: size.entries + appended, pending: size.pending, lag: 0 })
  }
  mustAgree('every request got all it asked for, and nothing was lost of what was there.', actual, expected)
}
