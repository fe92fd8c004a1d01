import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '../problems/problem.ts'
import { Account, LEAST_ROOM_BYTES, Payer } from './account.ts'
import { type Caller, Exchange, exchangeOf } from './exchange.ts'
import { IndexedSet } from './indexed-set.ts'

/** How much is taken on at the same time. */
export interface Limits {
  /** Requests that are worked on, but for reads that may wait for entries. */
  readonly maxInFlight: number
  /** Bytes of bodies, of answers, and of changes that wait for the disk. */
  readonly maxBufferedBytes: number
  /**
   * How many percent of them may be those of one token, or of one remote address where there are no tokens; so many that
   * a small body or answer has a place.
   */
  readonly maxBufferedShare: number
  /** Reads of one token that wait for entries. */
  readonly maxWaitingPerToken: number
  /** Requests a second of one token, and as many at once; 0 for any number. */
  readonly maxRate: number
}

export const NO_LIMITS: Limits = {
  maxInFlight: Number.POSITIVE_INFINITY,
  maxBufferedBytes: Number.POSITIVE_INFINITY,
  maxBufferedShare: 100,
  maxWaitingPerToken: Number.POSITIVE_INFINITY,
  maxRate: 0
}

export interface LoadOptions {
  /** Bytes of changes that wait for the disk. */
  readonly unkeptBytes: () => number
  /** An answer that its client has not taken after this time is given up, with its connection. */
  readonly answerMs: number
  /** Called after bytes were released while somebody waited for that. */
  readonly onRoom?: () => void
}

/** How often unsent answers are checked, at most. */
const CHECK_MS = 1000

/**
 * What the server has taken on and not done with, and what it therefore refuses. A request takes a place when all of it
 * has arrived, so that nobody takes up a place by sending slowly, until its answer is sent or its connection has closed.
 * A read that may wait counts as a reader instead, also when it is answered: many may be at once. Bytes count from the
 * head of the request on (`Account`).
 */
export class Load {
  readonly #limits: Limits
  readonly #account: Account
  readonly #exchanges = new IndexedSet<Exchange>()
  #inFlight = 0
  readonly #waiting = new Map<string, number>()
  readonly #buckets = new Map<string, Bucket>()
  readonly #tokens = new Map<string, Payer>()
  readonly #addresses = new Map<string, Payer>()
  readonly #checking: NodeJS.Timeout
  readonly #checksUntilLate: number
  #isDraining = false

  constructor(limits: Limits, { unkeptBytes, answerMs, onRoom = () => undefined }: LoadOptions) {
    this.#limits = limits
    const { maxBufferedBytes: roomBytes, maxBufferedShare } = limits
    const shareBytes = Math.max(LEAST_ROOM_BYTES, (roomBytes * maxBufferedShare) / 100)
    this.#account = new Account({ roomBytes, shareBytes, unkeptBytes, onRoom })
    const checkMs = Math.min(CHECK_MS, answerMs / 4)
    this.#checksUntilLate = Math.ceil(answerMs / checkMs)
    this.#checking = setInterval(() => this.#check(), checkMs).unref()
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get bufferedBytes(): number {
    return this.#account.bytes
  }

  /** The head of a request has arrived. */
  open(request: IncomingMessage, response: ServerResponse): Exchange {
    const caller = this.#callerOf(request.socket)
    const exchange = new Exchange(caller, request, response, this.#account, this.#ended)
    exchange.index = this.#exchanges.add(exchange)
    return exchange
  }

  /** From now on the bytes of the exchange are the token's. */
  payBy(exchange: Exchange, token: string): void {
    const { caller } = exchange
    // Most connections have one token.
    if (caller.token !== token) {
      caller.token = token
      caller.payer = this.#tokens.get(token) ?? new Payer()
      this.#tokens.set(token, caller.payer)
    }
    exchange.payBy(caller.payer)
  }

  /** Why no further request is worked on now. */
  refusal(): Problem | undefined {
    const { maxInFlight } = this.#limits
    if (this.#inFlight < maxInFlight) return undefined
    return new Problem('overloaded', `Limit reached: ${maxInFlight} requests are in progress`)
  }

  /** Why the request of this token is refused, which counts unless it is. */
  rateRefusal(token: string, now: number): Problem | undefined {
    const { maxRate } = this.#limits
    if (maxRate === 0) return undefined
    const bucket = this.#bucketOf(token, now)
    bucket.left = Math.min(maxRate, bucket.left + ((now - bucket.at) / 1000) * maxRate)
    bucket.at = now
    if (bucket.left >= 1) {
      bucket.left -= 1
      return undefined
    }
    const seconds = Math.ceil((1 - bucket.left) / maxRate)
    return new Problem('rate-limited', `A token may send at most ${maxRate} requests per second`, {
      headers: { 'retry-after': `${seconds}` }
    })
  }

  /** A request has arrived. Gives why it is refused, if too many came meanwhile. */
  begin(exchange: Exchange): Problem | undefined {
    const refusal = this.refusal()
    if (refusal !== undefined) return refusal
    exchange.isInFlight = true
    this.#inFlight++
    if (this.#isDraining) exchange.response.shouldKeepAlive = false
    return undefined
  }

  /** A read may wait for entries while `wait` runs. Throws too-many-waiting. */
  async waiting<A>(response: ServerResponse, token: string | undefined, wait: () => Promise<A>): Promise<A> {
    this.#addWaiting(token, 1)
    this.#leaveFlight(exchangeOf(response))
    try {
      return await wait()
    } finally {
      this.#addWaiting(token, -1)
    }
  }

  /** From now on answers end their connections, also those of requests that came before. */
  drain(): void {
    this.#isDraining = true
    for (const { isInFlight, response } of this.#exchanges) if (isInFlight) response.shouldKeepAlive = false
  }

  close(): void {
    clearInterval(this.#checking)
  }

  readonly #ended = (exchange: Exchange): void => {
    this.#exchanges.delete(exchange, exchange.index)
    this.#leaveFlight(exchange)
  }

  #leaveFlight(exchange: Exchange): void {
    if (!exchange.isInFlight) return
    exchange.isInFlight = false
    this.#inFlight--
  }

  /** Closes connections whose clients do not take their answers. One that stands in line behind others is not late. */
  #check(): void {
    for (const exchange of this.#exchanges) {
      if (!exchange.isAnswered || exchange.response.socket === null) continue
      if (exchange.unsentChecks++ >= this.#checksUntilLate) exchange.response.destroy()
    }
  }

  #callerOf(socket: Socket): Caller {
    const known = (socket as Called)[CALLER]
    if (known !== undefined) return known
    const address = socket.remoteAddress ?? ''
    let payer = this.#addresses.get(address)
    if (payer === undefined) {
      payer = new Payer()
      this.#addresses.set(address, payer)
    }
    payer.connections++
    const caller: Caller = { socket, address: payer, token: undefined, payer, exchanges: [] }
    ;(socket as Called)[CALLER] = caller
    socket.once('close', () => this.#left(caller, address))
    return caller
  }

  /** Of answers that stand in line, Node does not say that they are closed. */
  #left({ exchanges, address: payer }: Caller, address: string): void {
    for (const exchange of [...exchanges]) exchange.end()
    payer.connections--
    if (payer.connections === 0) this.#addresses.delete(address)
  }

  #addWaiting(token: string | undefined, change: 1 | -1): void {
    if (token === undefined) return
    const count = (this.#waiting.get(token) ?? 0) + change
    const { maxWaitingPerToken } = this.#limits
    if (change > 0 && count > maxWaitingPerToken) {
      throw new Problem(
        'too-many-waiting',
        `Limit reached: ${maxWaitingPerToken} readers with this token are waiting`
      )
    }
    if (count === 0) this.#waiting.delete(token)
    else this.#waiting.set(token, count)
  }

  #bucketOf(token: string, now: number): Bucket {
    let bucket = this.#buckets.get(token)
    if (bucket === undefined) {
      bucket = { left: this.#limits.maxRate, at: now }
      this.#buckets.set(token, bucket)
    }
    return bucket
  }
}

const CALLER = Symbol('caller')

interface Called extends Socket {
  [CALLER]?: Caller
}

/** How many requests a token has left, and as of when. */
interface Bucket {
  left: number
  at: number
}
