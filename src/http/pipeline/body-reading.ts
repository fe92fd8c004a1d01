import type { IncomingMessage } from 'node:http'
import { SMALL_BYTES } from '../limits/account.ts'
import { type Exchange, exchangeOf } from '../limits/exchange.ts'
import { Problem } from '../problems/problem.ts'

export interface BodyOptions {
  /** Maximum size of a body. */
  readonly limitBytes: number
  /** How much more time a large body may take than at the slowest rate. */
  readonly graceMs: number
}

/** The slowest rate for a large body, because its bytes are reserved as soon as its head has arrived. */
const SLOWEST_BYTES_PER_MS = (64 * 1024) / 1000

/** Called once, with the whole body or with the reason why it was not read. */
type Done = (error: Error | null, body?: Buffer) => void

/**
 * Reads the body of a request. Room for its declared length is already held. Without one, room is held as the
 * body arrives. Stops reading with a problem: body-too-large, request-timeout, overloaded, too-many-bytes.
 */
export function readBody(request: IncomingMessage, options: BodyOptions, done: Done): void {
  const { limitBytes, graceMs } = options
  const declared = request.headers['content-length']
  const length = declared === undefined ? undefined : Number(declared)
  if (length !== undefined && length > limitBytes) {
    done(tooLarge(limitBytes))
    return
  }
  const body = newBody(request, length, limitBytes)
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: Buffer) => {
    const problem = body.add(chunk)
    if (problem !== undefined) end(problem)
  }
  const onEnd = () => end(null)
  const end = (error: Error | null) => {
    clearTimeout(timer)
    request.off('data', onData)
    request.off('end', onEnd)
    request.off('error', end)
    if (error === null) done(null, body.whole())
    else done(error)
  }
  if (length !== undefined && length > SMALL_BYTES) {
    timer = setTimeout(() => end(late()), length / SLOWEST_BYTES_PER_MS + graceMs)
  }
  request.on('data', onData)
  request.on('end', onEnd)
  request.on('error', end)
}

function newBody(request: IncomingMessage, length: number | undefined, limitBytes: number): Body {
  if (length === undefined) return new GrowingBody(exchangeOf(request), limitBytes)
  return length > SMALL_BYTES ? new LargeBody(length) : new SmallBody()
}

/** A body while it arrives. */
interface Body {
  /** Returns why reading must stop. */
  add(chunk: Buffer): Problem | undefined
  whole(): Buffer
}

/** Usually arrives in one piece, which then needs no copy. */
class SmallBody implements Body {
  #chunks: Buffer[] = []

  add(chunk: Buffer): undefined {
    this.#chunks.push(chunk)
  }

  whole(): Buffer {
    const [first] = this.#chunks
    return first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
  }
}

/** Allocates its memory in advance, because joining pieces at the end would take twice as much. */
class LargeBody implements Body {
  readonly #bytes: Buffer
  #length = 0

  constructor(length: number) {
    this.#bytes = Buffer.allocUnsafeSlow(length)
  }

  add(chunk: Buffer): undefined {
    this.#length += chunk.copy(this.#bytes, this.#length)
  }

  whole(): Buffer {
    return this.#bytes
  }
}

/** A body of unknown length. */
class GrowingBody implements Body {
  readonly #exchange: Exchange
  readonly #limitBytes: number
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(exchange: Exchange, limitBytes: number) {
    this.#exchange = exchange
    this.#limitBytes = limitBytes
  }

  add(chunk: Buffer): Problem | undefined {
    this.#length += chunk.length
    if (this.#length > this.#limitBytes) return tooLarge(this.#limitBytes)
    this.#chunks.push(chunk)
    return this.#exchange.growBody(this.#length)
  }

  whole(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

function tooLarge(limitBytes: number): Problem {
  return new Problem('body-too-large', `The body must have at most ${limitBytes} bytes`)
}

function late(): Problem {
  return new Problem('request-timeout', 'The body arrived more slowly than 64 KiB per second')
}
