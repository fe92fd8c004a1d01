import { ByteWriter } from '../bytes/byte-writer.ts'
import type { Change } from '../core/change.ts'
import {
  COMMIT_MARKER_BYTES,
  MIN_RECORD_BYTES,
  type RecordPosition,
  type Signature,
  writeChanges,
  writeCommitMarker,
  writeEndOfSegment
} from './record.ts'
import { fileOffset, type OpenSegment } from './segment.ts'
import type { SegmentList } from './segment-list.ts'

const START_BYTES = 64 << 10
/** A buffer that has grown beyond this size is not kept for reuse. */
const KEEP_BYTES = 8 << 20

/** Bytes for one file. They end where the next part begins. */
interface Part {
  readonly segment: OpenSegment
  readonly from: number
  readonly offset: number
}

/** Settles when a flush has ended. */
export interface Waiting {
  readonly promise: Promise<void>
  resolve(): void
  reject(reason: unknown): void
}

/** The records of one flush. They are encoded into the buffer that is written to disk. */
export class Batch {
  readonly #signature: Signature
  #writer = new ByteWriter(START_BYTES)
  #parts: Part[] = []
  #marker: RecordPosition = { position: 0, salt: 0 }
  #records = 0
  #waiting: Waiting | null = null

  constructor(signature: Signature) {
    this.#signature = signature
  }

  get empty(): boolean {
    return this.#parts.length === 0
  }

  get bytes(): number {
    return this.#writer.at
  }

  /** Number of records with changes. */
  get records(): number {
    return this.#records
  }

  /** Position of the commit marker. */
  get position(): number {
    return this.#marker.position
  }

  get segments(): OpenSegment[] {
    return this.#parts.map((part) => part.segment)
  }

  get waiting(): Waiting | null {
    return this.#waiting
  }

  /**
   * Returns one promise for all who wait for this batch. It is created on demand, because nobody would handle
   * its rejection otherwise.
   */
  wait(): Promise<void> {
    this.#waiting ??= waiting()
    return this.#waiting.promise
  }

  /**
   * Reserves space for the commit marker that starts a flush. Its content is known only when the flush is
   * written.
   */
  begin(segmentList: SegmentList): void {
    this.#makeSpace(segmentList, COMMIT_MARKER_BYTES)
    this.#marker = { position: segmentList.at, salt: segmentList.tail.salt }
    segmentList.advance(writeCommitMarker(this.#writer, this.#marker, 0, this.#signature))
  }

  /** Adds one record. The segments must have space for `bytes`, an upper bound of its size. */
  add(segmentList: SegmentList, changes: readonly Change[], bytes: number): void {
    if (this.empty) this.begin(segmentList)
    this.#makeSpace(segmentList, bytes)
    const start = this.#writer.at
    try {
      segmentList.advance(
        writeChanges(this.#writer, { position: segmentList.at, salt: segmentList.tail.salt }, changes)
      )
    } catch (error) {
      this.#writer.moveTo(start)
      throw error
    }
    this.#records += 1
  }

  /**
   * Writes the batch. Its commit marker states which position is already durable. With `writeThrough`, the
   * batch itself is durable when this resolves.
   */
  async write(durable: number, writeThrough: boolean): Promise<void> {
    const end = this.#writer.at
    writeCommitMarker(this.#writer.moveTo(0), this.#marker, durable, this.#signature)
    this.#writer.moveTo(end)
    for (const [i, part] of this.#parts.entries()) {
      const to = this.#parts[i + 1]?.from ?? end
      const { disk } = part.segment
      const bytes = this.#writer.slice(part.from, to)
      await (writeThrough ? disk.writeThrough(bytes, part.offset) : disk.write(bytes, part.offset))
    }
  }

  /** Empties the batch for reuse. */
  clear(): void {
    if (this.#writer.capacityBytes > KEEP_BYTES) this.#writer = new ByteWriter(START_BYTES)
    this.#writer.moveTo(0)
    this.#parts = []
    this.#records = 0
    this.#waiting = null
  }

  /** Moves on to a segment with space for a record, and ends the segments before it. */
  #makeSpace(segmentList: SegmentList, bytes: number): void {
    while (segmentList.tail.end - segmentList.at < bytes) {
      if (segmentList.tail.end - segmentList.at >= MIN_RECORD_BYTES) {
        this.#startPart(segmentList, MIN_RECORD_BYTES)
        segmentList.advance(
          writeEndOfSegment(this.#writer, { position: segmentList.at, salt: segmentList.tail.salt })
        )
      }
      segmentList.nextSegment()
    }
    this.#startPart(segmentList, bytes)
  }

  #startPart(segmentList: SegmentList, bytes: number): void {
    this.#writer.reserve(bytes)
    const segment = segmentList.tail
    if (this.#parts.at(-1)?.segment === segment) return
    this.#parts.push({ segment, from: this.#writer.at, offset: fileOffset(segment, segmentList.at) })
  }
}

function waiting(): Waiting {
  let resolve = (): void => undefined
  let reject = (_reason: unknown): void => undefined
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
