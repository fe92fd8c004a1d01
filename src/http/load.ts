import type { IncomingMessage, ServerResponse } from 'node:http'
import { Bag } from './bag.ts'
import { Problem } from './problem.ts'

/** How much is taken on at the same time. */
export interface Limits {
  /** Requests that are worked on, but for reads that may wait for entries. */
  readonly maxInFlight: number
  /** Bytes on their way: bodies, large answers, and changes that wait for the disk. */
  readonly maxBufferedBytes: number
  /** Reads of one token that wait for entries. */
  readonly maxWaitingPerToken: number
  /** Requests a second of one token, and as many at once; 0 for any number. */
  readonly maxRate: number
}

export const NO_LIMITS: Limits = {
  maxInFlight: Number.POSITIVE_INFINITY,
  maxBufferedBytes: Number.POSITIVE_INFINITY,
  maxWaitingPerToken: Number.POSITIVE_INFINITY,
  maxRate: 0
}

/** Smaller bodies count as a whole when they are there, and smaller answers do not count. */
const LARGE_BYTES = 64 * 1024

/**
 * What the server has taken on and not done with, and what it therefore refuses. A request counts from the moment when
 * all of it has arrived, so that nobody takes up a place by sending slowly, until its answer is handed over or its
 * connection has closed. A read that may wait counts as a reader instead, also when it is answered: many may be at once.
 */
export class Load {
  readonly #limits: Limits
  readonly #unkeptBytes: () => number
  readonly #answerMs: number
  readonly #inFlight = new Bag<ServerResponse>()
  #bytes = 0
  readonly #waiting = new Map<string, number>()
  readonly #buckets = new Map<string, Bucket>()
  #isDraining = false

  /** `unkeptBytes` tells how much waits for the disk. A large answer that is not taken after `answerMs` is given up. */
  constructor(limits: Limits, unkeptBytes: () => number, answerMs: number) {
    this.#limits = limits
    this.#unkeptBytes = unkeptBytes
    this.#answerMs = answerMs
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  get bufferedBytes(): number {
    return this.#bytes + this.#unkeptBytes()
  }

  /** Why a request that has just begun to arrive is refused. One that `grows` nothing is let in with full buffers. */
  refusal(grows: boolean): Problem | undefined {
    const { maxInFlight, maxBufferedBytes } = this.#limits
    if (this.#inFlight.size >= maxInFlight) {
      return new Problem('overloaded', `${maxInFlight} requests are being worked on already`)
    }
    if (grows && this.bufferedBytes >= maxBufferedBytes) {
      return new Problem('overloaded', `${maxBufferedBytes} bytes are on their way already`)
    }
    return undefined
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
    return new Problem('rate-limited', `A token may send ${maxRate} requests a second`, {
      headers: { 'retry-after': `${seconds}` }
    })
  }

  /** A request begins to arrive: what is large of its body counts as it comes. */
  arriving(request: IncomingMessage, response: ServerResponse): void {
    if (isSmall(request)) return
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      this.#bytes += chunk.length
    })
    response.once('close', () => {
      this.#bytes -= bytes
    })
  }

  /** A request has arrived. Gives why it is refused, if too many came meanwhile. */
  begin(request: IncomingMessage, response: ServerResponse): Problem | undefined {
    const refusal = this.refusal(false)
    if (refusal !== undefined) return refusal
    const bytes = isSmall(request) ? Number(request.headers['content-length'] ?? 0) : 0
    this.#bytes += bytes
    const place = this.#inFlight.add(response)
    if (this.#isDraining) response.shouldKeepAlive = false
    response.once('close', () => {
      this.#bytes -= bytes
      this.#inFlight.delete(response, place)
    })
    return undefined
  }

  /** An answer is going out. */
  answering(response: ServerResponse, bytes: number): void {
    if (bytes <= LARGE_BYTES) return
    this.#bytes += bytes
    const timer = setTimeout(() => response.destroy(), this.#answerMs)
    response.once('close', () => {
      clearTimeout(timer)
      this.#bytes -= bytes
    })
  }

  /** A read may wait for entries while `wait` runs. Throws too-many-waiting. */
  async waiting<A>(response: ServerResponse, token: string | undefined, wait: () => Promise<A>): Promise<A> {
    this.#addWaiting(token, 1)
    this.#inFlight.delete(response)
    try {
      return await wait()
    } finally {
      this.#addWaiting(token, -1)
    }
  }

  /** From now on answers end their connections, also those of requests that came before. */
  drain(): void {
    this.#isDraining = true
    for (const response of this.#inFlight) response.shouldKeepAlive = false
  }

  #addWaiting(token: string | undefined, change: 1 | -1): void {
    if (token === undefined) return
    const count = (this.#waiting.get(token) ?? 0) + change
    const { maxWaitingPerToken } = this.#limits
    if (change > 0 && count > maxWaitingPerToken) {
      throw new Problem('too-many-waiting', `${maxWaitingPerToken} readers of this token are waiting already`)
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

/** Whether a body is known to be small before it is there. */
function isSmall({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > LARGE_BYTES)
}

/** How many requests a token has left, and as of when. */
interface Bucket {
  left: number
  at: number
}
