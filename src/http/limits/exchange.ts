import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Taker } from '../../contract/engine.ts'
import type { Problem } from '../problems/problem.ts'
import { type Account, type Kind, kindOf, type Payer, SMALL_BYTES } from './account.ts'

/** The client of one connection. */
export interface Caller {
  readonly socket: Socket
  /** Requests without a token are charged to it. */
  readonly address: Payer
  /** The token of the last request that had one, and its payer. */
  token: string | undefined
  payer: Payer
  /** Requests whose answers are not yet sent completely. */
  readonly exchanges: Exchange[]
}

/**
 * Estimated memory of Node and Fastify for a request whose answer waits for earlier answers of its
 * connection. It is charged to clients that pipeline requests without reading answers.
 */
const QUEUED_BYTES = 6 * 1024

/** A request and its response, from its head to the last byte of the answer, and the bytes held for them. */
export class Exchange implements Taker {
  readonly caller: Caller
  readonly response: ServerResponse
  /** It is in progress, and does not wait for entries. */
  isInFlight = false
  /** The whole answer was written, and its bytes are on their way. */
  isAnswered = false
  /** Number of checks since then that found bytes still unsent. */
  unsentChecks = 0
  /** Its index in the set of all exchanges. */
  index = 0
  readonly #account: Account
  readonly #onEnd: (exchange: Exchange) => void
  #payer: Payer
  #isRelief = false
  #bodyKind: Kind = 'small'
  #bodyBytes = 0
  #answerKind: Kind = 'small'
  #answerBytes = 0
  #queuedBytes = 0
  #isOver = false

  constructor(
    caller: Caller,
    request: IncomingMessage,
    response: ServerResponse,
    account: Account,
    onEnd: (exchange: Exchange) => void
  ) {
    this.caller = caller
    this.response = response
    this.#account = account
    this.#onEnd = onEnd
    this.#payer = caller.address
    caller.exchanges.push(this)
    ;(request as IncomingMessage & Attached)[EXCHANGE] = this
    ;(response as ServerResponse & Attached)[EXCHANGE] = this
    response.on('close', endExchange)
  }

  /** Call it if other answers of the connection come first. Returns why there is no room to wait for them. */
  queue(): Problem | undefined {
    this.#queuedBytes = QUEUED_BYTES
    this.#account.hold(this.#payer, 'small', QUEUED_BYTES)
    return this.#account.refusal(this.#payer, 'small', 0)
  }

  /** Charges its bytes to another payer from now on. */
  payBy(payer: Payer): void {
    if (payer === this.#payer) return
    const before = this.#payer
    this.#payer = payer
    if (this.#queuedBytes === 0) return
    this.#account.hold(before, 'small', -this.#queuedBytes)
    this.#account.hold(payer, 'small', this.#queuedBytes)
  }

  /** Holds room for a body of this size. Returns why there is no room. Then the body must not be read. */
  expectBody(bytes: number, isRelief: boolean): Problem | undefined {
    this.#isRelief = isRelief
    return this.growBody(bytes)
  }

  /** The same for a body of unknown size, of which this many bytes have arrived. */
  growBody(bytes: number): Problem | undefined {
    const size = kindOf(bytes)
    const kind = this.#isRelief && size === 'small' ? 'relief' : size
    const more = kind === this.#bodyKind ? bytes - this.#bodyBytes : bytes
    const refusal = this.#account.refusal(this.#payer, kind, more)
    if (refusal !== undefined || bytes === 0) return refusal
    this.#releaseBody()
    this.#bodyKind = kind
    this.#bodyBytes = bytes
    this.#account.hold(this.#payer, kind, bytes)
    return undefined
  }

  /** The body was parsed: releases its bytes. */
  bodyParsed(): void {
    if (this.#bodyBytes > 0) this.#releaseBody()
  }

  /** Why this client's share has no room for even the smallest large answer. */
  shareRefusal(): Problem | undefined {
    return this.#account.shareRefusal(this.#payer, 'large', SMALL_BYTES)
  }

  /** Why there is no room for an answer of this size. Undefined if `take` already holds bytes for it. */
  answerRefusal(bytes: number): Problem | undefined {
    if (this.#answerBytes > 0) return undefined
    return this.#account.refusal(this.#payer, kindOf(bytes), bytes)
  }

  /** Sets the number of bytes held for the answer. Call it before the answer is built. */
  holdAnswer(bytes: number): void {
    if (bytes === this.#answerBytes || this.#isOver) return
    const before = this.#answerBytes
    const kind = this.#answerKind
    this.#answerKind = kindOf(bytes)
    this.#answerBytes = bytes
    // Hold first: a release admits waiting requests at once.
    this.#account.hold(this.#payer, this.#answerKind, bytes)
    if (before > 0) this.#account.hold(this.#payer, kind, -before)
  }

  /** Number of bytes held for the answer now. */
  get answerBytes(): number {
    return this.#answerBytes
  }

  /** Whether `take` would succeed now. If not, waiting readers are served again when a retry may succeed. */
  hasRoom(bytes: number): boolean {
    const total = this.#answerBytes + bytes
    const kind = kindOf(total)
    return this.#account.hasRoom(this.#payer, kind, kind === this.#answerKind ? bytes : total)
  }

  /** Holds more bytes for the answer, if there is room for them. */
  take(bytes: number): boolean {
    if (!this.hasRoom(bytes)) return false
    this.holdAnswer(this.#answerBytes + bytes)
    return true
  }

  /** Releases bytes that `take` held, because they were sent or never will be. */
  release(bytes: number): void {
    this.holdAnswer(Math.max(0, this.#answerBytes - bytes))
  }

  /** Call it when the answer is sent completely, or the connection is closed. */
  end(): void {
    if (this.#isOver) return
    this.#releaseBody()
    this.holdAnswer(0)
    if (this.#queuedBytes > 0) this.#account.hold(this.#payer, 'small', -this.#queuedBytes)
    this.#isOver = true
    const { exchanges } = this.caller
    const last = exchanges.pop()
    if (last !== undefined && last !== this) exchanges[exchanges.indexOf(this)] = last
    this.#onEnd(this)
  }

  #releaseBody(): void {
    if (this.#bodyBytes === 0) return
    this.#account.hold(this.#payer, this.#bodyKind, -this.#bodyBytes)
    this.#bodyBytes = 0
  }
}

const EXCHANGE = Symbol('exchange')

interface Attached {
  [EXCHANGE]?: Exchange
}

/** The exchange of a request or a response. Each has one from its first hook on. */
export function exchangeOf(message: IncomingMessage | ServerResponse): Exchange {
  const exchange = (message as Attached)[EXCHANGE]
  if (exchange === undefined) throw new Error('The request has no exchange')
  return exchange
}

/** One function for all requests, which saves a closure for each. */
function endExchange(this: ServerResponse): void {
  exchangeOf(this).end()
}
