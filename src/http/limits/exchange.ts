import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Taker } from '../../contract/engine.ts'
import type { Problem } from '../problems/problem.ts'
import { type Account, type Kind, kindOf, type Payer, SMALL_BYTES } from './account.ts'

/** Who sends requests on one connection. */
export interface Caller {
  readonly socket: Socket
  /** Pays for requests without a token. */
  readonly address: Payer
  /** The token of the last request that had one, and its payer. */
  token: string | undefined
  payer: Payer
  /** Requests whose answers have not been sent to the last byte. */
  readonly exchanges: Exchange[]
}

/**
 * An estimate of what Node and Fastify keep of a request whose answer waits for earlier answers of its connection. A
 * client that pipelines without reading answers pays for it.
 */
const QUEUED_BYTES = 6 * 1024

/** One request, from its head to the last byte of its answer, and the bytes that are held for it in the meantime. */
export class Exchange implements Taker {
  readonly caller: Caller
  readonly response: ServerResponse
  /** It is worked on, and does not wait for entries. */
  isInFlight = false
  /** The whole answer was written, and its bytes are on their way. */
  isAnswered = false
  /** How often it was seen since then with its bytes still not taken. */
  unsentChecks = 0
  /** Among all exchanges. */
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

  /** Stands in line behind other requests of its connection. Gives why there is no room for it. */
  queue(): Problem | undefined {
    this.#queuedBytes = QUEUED_BYTES
    this.#account.hold(this.#payer, 'small', QUEUED_BYTES)
    return this.#account.refusal(this.#payer, 'small', 0)
  }

  /** From now on a token pays for it. */
  payBy(payer: Payer): void {
    if (payer === this.#payer) return
    const before = this.#payer
    this.#payer = payer
    if (this.#queuedBytes === 0) return
    this.#account.hold(before, 'small', -this.#queuedBytes)
    this.#account.hold(payer, 'small', this.#queuedBytes)
  }

  /** A body with so many bytes in all is to come. Gives why there is no room for it; then it must not be read. */
  expectBody(bytes: number, isRelief: boolean): Problem | undefined {
    this.#isRelief = isRelief
    return this.growBody(bytes)
  }

  /** The same for what has come so far of a body whose length is not known. */
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

  /** Nothing holds the bytes of the body any more. */
  bodyParsed(): void {
    if (this.#bodyBytes > 0) this.#releaseBody()
  }

  /** Why not even the smallest of large answers can be held for this client, whoever else takes room. */
  shareRefusal(): Problem | undefined {
    return this.#account.shareRefusal(this.#payer, 'large', SMALL_BYTES)
  }

  /** Why there is no room for an answer of so many bytes. What `take` has held for it already has room. */
  answerRefusal(bytes: number): Problem | undefined {
    if (this.#answerBytes > 0) return undefined
    return this.#account.refusal(this.#payer, kindOf(bytes), bytes)
  }

  /** Holds the bytes of an answer, which is all of them, before it is made. */
  holdAnswer(bytes: number): void {
    if (bytes === this.#answerBytes || this.#isOver) return
    const before = this.#answerBytes
    const kind = this.#answerKind
    this.#answerKind = kindOf(bytes)
    this.#answerBytes = bytes
    // In this order: whoever waits for room is let in as soon as bytes are released.
    this.#account.hold(this.#payer, this.#answerKind, bytes)
    if (before > 0) this.#account.hold(this.#payer, kind, -before)
  }

  /** How many bytes of its answer are held now. */
  get answerBytes(): number {
    return this.#answerBytes
  }

  /** Whether `take` would hold so many bytes now. If not, readers that wait are served again once it is worth it. */
  hasRoom(bytes: number): boolean {
    const total = this.#answerBytes + bytes
    const kind = kindOf(total)
    return this.#account.hasRoom(this.#payer, kind, kind === this.#answerKind ? bytes : total)
  }

  /** Holds more bytes of an answer, if there is room for them. */
  take(bytes: number): boolean {
    if (!this.hasRoom(bytes)) return false
    this.holdAnswer(this.#answerBytes + bytes)
    return true
  }

  /** Bytes that `take` held were sent, or will not be. */
  release(bytes: number): void {
    this.holdAnswer(Math.max(0, this.#answerBytes - bytes))
  }

  /** The answer was sent to its last byte, or the connection is closed. */
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

/** The exchange that a request or its response belongs to. Every one has one from its first hook on. */
export function exchangeOf(message: IncomingMessage | ServerResponse): Exchange {
  const exchange = (message as Attached)[EXCHANGE]
  if (exchange === undefined) throw new Error('The request has no exchange')
  return exchange
}

/** One function for all, since each request would otherwise have a closure of its own. */
function endExchange(this: ServerResponse): void {
  exchangeOf(this).end()
}
