import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '../problems/problem.ts'
import { Account, LEAST_ROOM_BYTES, Payer } from './account.ts'
import { type Caller, Exchange, exchangeOf } from './exchange.ts'
import { IndexedSet } from './indexed-set.ts'

/** How much the server accepts at the same time. */
export interface Limits {
  /** Requests in progress, not counting reads that may wait for entries. */
  readonly maxInFlight: number
  /** Bytes of bodies, answers, and changes that wait for the disk. */
  readonly maxBufferedBytes: number
  /**
   * Percentage of these bytes that one token may use, or one remote address if there are no tokens. A small
   * body or answer always fits into it.
   */
  readonly maxBufferedShare: number
  /** Waiting reads of one token. */
  readonly maxWaitingPerToken: number
  /** Requests per second of one token, and the size of a burst. 0 means no limit. */
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
  /** How long a client may take to receive an answer. After that its connection is closed. */
  readonly answerMs: number
  /** Called after bytes were released, if a request waited for that. */
  readonly onRoom?: () => void
}

/** Maximum time between two checks of unsent answers. */
const CHECK_MS = 1000

/**
 * Counts what the server has accepted and not finished with, and refuses what is beyond the limits. A request
 * is in flight once all of it has arrived, so that a slow sender does not use up the limit, until its answer
 * is sent or its connection is closed. A read that may wait counts as a waiting reader instead, even while it
 * is answered, because many readers may be answered at once. Bytes count from the head of the request on
 * (`Account`).
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

  /** Call it when the head of a request has arrived. */
  open(request: IncomingMessage, response: ServerResponse): Exchange {
    const caller = this.#callerOf(request.socket)
    const exchange = new Exchange(caller, request, response, this.#account, this.#ended)
    exchange.index = this.#exchanges.add(exchange)
    return exchange
  }

  /** Charges the bytes of the exchange to a token from now on. */
  payBy(exchange: Exchange, token: string): void {
    const { caller } = exchange
    // Most connections keep using one token.
    if (caller.token !== token) {
      caller.token = token
      caller.payer = this.#tokens.get(token) ?? new Payer()
      this.#tokens.set(token, caller.payer)
    }
    exchange.payBy(caller.payer)
  }

  /** Why no further request is accepted now. */
  refusal(): Problem | undefined {
    const { maxInFlight } = this.#limits
    if (this.#inFlight < maxInFlight) return undefined
    return new Problem('overloaded', `Limit reached: ${maxInFlight} requests are in progress`)
  }

  /** Why a request of this token is refused. Counts the request unless it is refused. */
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
      retryAfterSeconds: seconds
    })
  }

  /** Call it when a request has arrived completely. Returns why it is refused, if it is one too many. */
  begin(exchange: Exchange): Problem | undefined {
    const refusal = this.refusal()
    if (refusal !== undefined) return refusal
    exchange.isInFlight = true
    this.#inFlight++
    if (this.#isDraining) exchange.response.shouldKeepAlive = false
    return undefined
  }

  /** Counts a read as a waiting reader while `wait` runs. Rejects: too-many-waiting. */
  async waiting<A>(response: ServerResponse, token: string | undefined, wait: () => Promise<A>): Promise<A> {
    this.#addWaiting(token, 1)
    this.#endFlight(exchangeOf(response))
    try {
      return await wait()
    } finally {
      this.#addWaiting(token, -1)
    }
  }

  /** From now on, connections close after their answers, also after answers to earlier requests. */
  drain(): void {
    this.#isDraining = true
    for (const { isInFlight, response } of this.#exchanges) if (isInFlight) response.shouldKeepAlive = false
  }

  close(): void {
    clearInterval(this.#checking)
  }

  readonly #ended = (exchange: Exchange): void => {
    this.#exchanges.delete(exchange, exchange.index)
    this.#endFlight(exchange)
  }

  #endFlight(exchange: Exchange): void {
    if (!exchange.isInFlight) return
    exchange.isInFlight = false
    this.#inFlight--
  }

  /** Closes connections whose clients do not receive answers. One that is queued after others is not late. */
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
    socket.once('close', () => this.#onClose(caller, address))
    return caller
  }

  /** Node does not emit `close` for answers that are queued. */
  #onClose({ exchanges, address: payer }: Caller, address: string): void {
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

/** The number of requests that a token has left at a moment. */
interface Bucket {
  left: number
  at: number
}
