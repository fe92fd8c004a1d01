import type { EntryId } from '../../contract/entry-id.ts'

/** A varint takes seven bits a byte: a number up to 2^53 - 1 fits in so many. */
export const MAX_VARINT_BYTES = 8
/** A step of 0, which no list has, says that the id follows whole. */
export const MAX_ID_BYTES = 17

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Writes values one after the other into one buffer, which is used again and again and grows as need be. Whoever
 * writes first calls `reserve` with at least what is going to be written; nothing else checks for room. Numbers are
 * little-endian.
 */
export class ByteWriter {
  #bytes: Buffer
  #view: DataView
  #at = 0

  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(bytes)
    this.#view = viewOf(this.#bytes)
  }

  /** Where the next byte goes, counted from the start of the buffer. */
  get at(): number {
    return this.#at
  }

  get capacityBytes(): number {
    return this.#bytes.length
  }

  /** What was written, between two places. It changes when the buffer is used again. */
  slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to)
  }

  /** Goes back, or forward over bytes that are filled in later. */
  moveTo(at: number): this {
    this.#at = at
    return this
  }

  reserve(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
    this.#view = viewOf(grown)
  }

  byte(value: number): this {
    this.#bytes[this.#at++] = value
    return this
  }

  uint32(value: number): this {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
    return this
  }

  /** Eight bytes, for an integer up to 2^53 - 1. */
  uint53(value: number): this {
    return this.uint32(value >>> 0).uint32(Math.floor(value / 2 ** 32))
  }

  zeros(count: number): this {
    this.#bytes.fill(0, this.#at, this.#at + count)
    this.#at += count
    return this
  }

  /** An integer from 0 to 2^53 - 1. Anything else is a mistake that must not reach the disk. */
  varint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${value} cannot be stored as a count`)
    let rest = value
    // Bit operations know 32 bits only: what is above goes by division.
    while (rest >= 2 ** 31) {
      this.byte((rest % 128) | 128)
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.byte((rest & 127) | 128)
      rest >>>= 7
    }
    return this.byte(rest)
  }

  /** A flag, then the number unless it is null. */
  varintOrNull(value: number | null): this {
    return value === null ? this.byte(0) : this.byte(1).varint(value)
  }

  /** A length and that many bytes. */
  blob(value: Uint8Array): this {
    this.varint(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }

  /** As `blob`, in UTF-8. */
  text(value: string): this {
    return this.#shortAscii(value) ? this : this.#utf8(value)
  }

  /** Names are short and nearly always ASCII, which a loop writes in a third of the time that the encoder needs. */
  #shortAscii(value: string): boolean {
    const { length } = value
    if (length > 64) return false
    const bytes = this.#bytes
    let at = this.#at
    bytes[at++] = length
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) return false
      bytes[at++] = code
    }
    this.#at = at
    return true
  }

  #utf8(value: string): this {
    // Half a character would come back as another one, and two names might become the same.
    if (LONE_SURROGATE.test(value)) throw new RangeError('A lone surrogate cannot be stored')
    this.varint(Buffer.byteLength(value))
    this.#at += this.#bytes.write(value, this.#at)
    return this
  }

  /** Sixteen bytes, `ms` before `seq`. */
  id(value: EntryId): this {
    this.#view.setBigUint64(this.#at, value >> 64n, true)
    this.#view.setBigUint64(this.#at + 8, value, true)
    this.#at += 16
    return this
  }

  /** A flag, then the id unless it is null. */
  idOrNull(value: EntryId | null): this {
    return value === null ? this.byte(0) : this.byte(1).id(value)
  }

  /** An id in a list: the step from the one before, where that is a small one up. */
  idAfter(previous: EntryId, value: EntryId): this {
    const step = value - previous
    return step > 0n && step <= MAX_STEP ? this.varint(Number(step)) : this.byte(0).id(value)
  }

  ids(values: readonly EntryId[]): this {
    this.varint(values.length)
    let previous = 0n
    for (const value of values) {
      this.idAfter(previous, value)
      previous = value
    }
    return this
  }
}

const MAX_STEP = BigInt(Number.MAX_SAFE_INTEGER)

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
