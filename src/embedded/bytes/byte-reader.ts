import { isUtf8 } from 'node:buffer'
import { type EntryId, MAX_ID } from '../../contract/entry-id.ts'

/** The character that a decoder puts in place of invalid UTF-8. A valid text may also contain it. */
const REPLACEMENT = '\ufffd'

/** Reads what a ByteWriter has written. Every method throws a RangeError on anything else. */
export class ByteReader {
  readonly bytes: Buffer
  readonly #view: DataView
  #at = 0
  #end = 0

  /** Reads nothing until `moveTo` is called. */
  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Continues with the bytes between two offsets. */
  moveTo(from: number, to: number): this {
    this.#at = from
    this.#end = to
    return this
  }

  get atEnd(): boolean {
    return this.#at === this.#end
  }

  byte(): number {
    return this.#view.getUint8(this.#pass(1))
  }

  /** Only 0 and 1 are valid. */
  flag(): boolean {
    const value = this.byte()
    if (value > 1) throw new RangeError(`${value} is not a boolean`)
    return value === 1
  }

  varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (byte < 128) break
      scale *= 128
      if (scale > 2 ** 49) throw new RangeError('A number is too long')
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('A number is too large')
    return value
  }

  varintOrNull(): number | null {
    return this.flag() ? this.varint() : null
  }

  /**
   * Reads the number of elements that follow, each at least `minBytes` long. Throws if there is no space for
   * them.
   */
  count(minBytes: number): number {
    const count = this.varint()
    if (count * minBytes > this.#end - this.#at)
      throw new RangeError(`The record is too short for ${count} elements`)
    return count
  }

  /** Returns a view into the buffer. */
  blob(): Buffer {
    const length = this.varint()
    const from = this.#pass(length)
    return this.bytes.subarray(from, from + length)
  }

  text(): string {
    const length = this.varint()
    const from = this.#pass(length)
    const text = this.bytes.toString('utf8', from, from + length)
    if (text.includes(REPLACEMENT) && !isUtf8(this.bytes.subarray(from, from + length))) {
      throw new RangeError('A text is not valid UTF-8')
    }
    return text
  }

  id(): EntryId {
    const at = this.#pass(16)
    return (this.#view.getBigUint64(at, true) << 64n) | this.#view.getBigUint64(at + 8, true)
  }

  idOrNull(): EntryId | null {
    return this.flag() ? this.id() : null
  }

  idAfter(previous: EntryId): EntryId {
    const step = this.varint()
    if (step === 0) return this.id()
    const value = previous + BigInt(step)
    if (value > MAX_ID) throw new RangeError('An id is greater than the highest possible one')
    return value
  }

  ids(): EntryId[] {
    const values: EntryId[] = []
    let previous = 0n
    for (let left = this.count(1); left > 0; left--) {
      previous = this.idAfter(previous)
      values.push(previous)
    }
    return values
  }

  /** Skips bytes, all of which must exist, and returns where they begin. */
  #pass(bytes: number): number {
    const from = this.#at
    if (bytes > this.#end - from) throw new RangeError('The record ends too early')
    this.#at = from + bytes
    return from
  }
}
