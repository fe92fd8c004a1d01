import type { EntryId } from '../../contract/entry-id.ts'

/** A varint has seven bits in each byte, so 2^53 - 1 needs this many. */
export const MAX_VARINT_BYTES = 8
/**
 * An id is written as the step from the previous id. A step of 0, which no list has, means that the whole id
 * follows.
 */
export const MAX_ID_BYTES = 17

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Writes values into one buffer, which is reused and grows. Before writing, call `reserve` with an upper
 * bound of the bytes to come; no other method checks for space. Numbers are little-endian.
 */
export class ByteWriter {
  #bytes: Buffer
  #view: DataView
  #at = 0

  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(bytes)
    this.#view = viewOf(this.#bytes)
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at
  }

  get capacityBytes(): number {
    return this.#bytes.length
  }

  /** Returns what was written between two offsets. It changes when the buffer is used again. */
  slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to)
  }

  /** Moves back, or forward over bytes that are written later. */
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

  /** Writes an integer up to 2^53 - 1 as eight bytes. */
  uint53(value: number): this {
    return this.uint32(value >>> 0).uint32(Math.floor(value / 2 ** 32))
  }

  zeros(count: number): this {
    this.#bytes.fill(0, this.#at, this.#at + count)
    this.#at += count
    return this
  }

  /** Writes an integer from 0 to 2^53 - 1. Any other value is a bug, and must not reach the disk. */
  varint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${value} cannot be stored as a count`)
    let rest = value
    // Bitwise operators work on 32 bits only, so larger numbers are divided.
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

  /** Writes a flag, and then the number unless it is null. */
  varintOrNull(value: number | null): this {
    return value === null ? this.byte(0) : this.byte(1).varint(value)
  }

  /** Writes a length and that many bytes. */
  blob(value: Uint8Array): this {
    this.varint(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }

  /** Writes a text as `blob` does, in UTF-8. */
  text(value: string): this {
    return this.#shortAscii(value) ? this : this.#utf8(value)
  }

  /**
   * Names are short and nearly always ASCII. A loop writes those in a third of the time that the encoder
   * needs.
   */
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
    // A lone surrogate would be read back as another character, and two names could become equal.
    if (LONE_SURROGATE.test(value)) throw new RangeError('A lone surrogate cannot be stored')
    this.varint(Buffer.byteLength(value))
    this.#at += this.#bytes.write(value, this.#at)
    return this
  }

  /** Writes sixteen bytes, `ms` before `seq`. */
  id(value: EntryId): this {
    this.#view.setBigUint64(this.#at, value >> 64n, true)
    this.#view.setBigUint64(this.#at + 8, value, true)
    this.#at += 16
    return this
  }

  /** Writes a flag, and then the id unless it is null. */
  idOrNull(value: EntryId | null): this {
    return value === null ? this.byte(0) : this.byte(1).id(value)
  }

  /**
   * Writes an id in a list: the step from the previous id if it is small and positive, otherwise the whole
   * id.
   */
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
