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
/** A buffer that grew beyond that for once is let go of. */
const KEEP_BYTES = 8 << 20

/** Bytes that go to one file. They end where the next part begins. */
interface Part {
  readonly segment: OpenSegment
  readonly from: number
  readonly offset: number
}

/** Somebody to be told how a flush ended. */
export interface Waiting {
  readonly promise: Promise<void>
  resolve(): void
  reject(reason: unknown): void
}

/** The records of one flush, from the first append to the write: encoded where they are written from. */
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

  /** How many records of changes. */
  get records(): number {
    return this.#records
  }

  /** Where its marker goes. */
  get position(): number {
    return this.#marker.position
  }

  get segments(): OpenSegment[] {
    return this.#parts.map((part) => part.segment)
  }

  get waiting(): Waiting | null {
    return this.#waiting
  }

  /** One promise for all who wait for this batch. Made when asked for: one that nobody has may not reject. */
  wait(): Promise<void> {
    this.#waiting ??= waiting()
    return this.#waiting.promise
  }

  /** Leaves room for the commit marker that a flush begins with. What it says is known when the flush begins. */
  begin(segmentList: SegmentList): void {
    this.#makeSpace(segmentList, COMMIT_MARKER_BYTES)
    this.#marker = { position: segmentList.at, salt: segmentList.tail.salt }
    segmentList.advance(writeCommitMarker(this.#writer, this.#marker, 0, this.#signature))
  }

  /** Adds one record, in a segment that has room for `bytes`, which are at least what it takes. */
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

  /** Writes it all, the commit marker first telling which position is durable by now. With `through`, it is durable itself then. */
  async write(durable: number, isDurable: boolean): Promise<void> {
    const end = this.#writer.at
    writeCommitMarker(this.#writer.moveTo(0), this.#marker, durable, this.#signature)
    this.#writer.moveTo(end)
    for (const [i, part] of this.#parts.entries()) {
      const to = this.#parts[i + 1]?.from ?? end
      const { disk } = part.segment
      const bytes = this.#writer.slice(part.from, to)
      await (isDurable ? disk.writeThrough(bytes, part.offset) : disk.write(bytes, part.offset))
    }
  }

  /** Makes it empty, to be used again. */
  clear(): void {
    if (this.#writer.capacityBytes > KEEP_BYTES) this.#writer = new ByteWriter(START_BYTES)
    this.#writer.moveTo(0)
    this.#parts = []
    this.#records = 0
    this.#waiting = null
  }

  /** Moves on to the segment that has room for a record, sealing those that have not. */
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
