import type { Files } from './files.ts'
import type { OpenSegment, Segment } from './segment.ts'

/** A segment that is no longer needed, and why it could not be deleted. */
export interface Undeleted {
  readonly file: string
  readonly error: Error
}

/**
 * The segments of a journal, without gaps, and the position of the next record:
 *
 *     ├─ past ─┼─ past ─┼─ passed ─┼─ tail ──╎─────┼─ spare ─┼─ spare ─┤
 *                                            at                        end
 *
 * Past segments are durable and closed. Passed segments get no more records, but some of their records may
 * not be durable yet.
 */
export class SegmentList {
  readonly #past: Segment[]
  readonly #open: OpenSegment[]
  #tail = 0
  #at: number

  /** `open` begins with the tail. If both lists are empty, the first segment begins at `at`. */
  constructor(past: Segment[], open: OpenSegment[], at: number) {
    this.#past = past
    this.#open = open
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  /** Where the allocated space ends, and the next segment begins. */
  get end(): number {
    return this.#open.at(-1)?.end ?? this.#at
  }

  /** Size of the last segment without its header; 0 if there is none. */
  get lastCapacityBytes(): number {
    const last = this.#open.at(-1)
    return last === undefined ? 0 : last.end - last.base
  }

  /** The segment that the next record goes to, if it fits. */
  get tail(): OpenSegment {
    const tail = this.#open[this.#tail]
    if (tail === undefined) throw new Error('The journal has no segment')
    return tail
  }

  /** The file of the tail; null if there is no segment. */
  get tailFile(): string | null {
    return this.#open[this.#tail]?.file ?? null
  }

  /** Whether a record of this size fits into one segment, with `spareBytes` left after it. */
  fits(bytes: number, spareBytes: number): boolean {
    for (let i = this.#tail; i < this.#open.length; i++) {
      const segment = this.#open[i]
      if (segment === undefined) break
      const start = Math.max(this.#at, segment.base)
      if (segment.end - start >= bytes) return this.end - start - bytes >= spareBytes
    }
    return false
  }

  /** A record was written to the tail. */
  advance(bytes: number): void {
    this.#at += bytes
  }

  /** Makes the next segment the tail. This one gets no more records. */
  nextSegment(): void {
    this.#at = this.tail.end
    this.#tail += 1
  }

  add(segment: OpenSegment): void {
    this.#open.push(segment)
  }

  /** Everything up to a position is durable: closes the passed segments that end there or before. */
  async closeThrough(position: number): Promise<void> {
    while (this.#tail > 0) {
      const first = this.#open[0]
      if (first === undefined || first.end > position) return
      this.#open.shift()
      this.#tail -= 1
      const { disk, ...segment } = first
      this.#past.push(segment)
      await disk.close()
    }
  }

  /**
   * Deletes the past segments that end at or before a position, in order. Returns those that could not be
   * deleted. They stay in the list, and the next release tries again. Nobody reads below that position, so a
   * gap does no harm.
   */
  async release(files: Files, directory: string, position: number): Promise<Undeleted[]> {
    const undeleted: Undeleted[] = []
    let released = 0
    for (const segment of this.#past.filter(({ end }) => end <= position)) {
      const error = await files.remove(segment.file).then(() => null, unlessMissing)
      if (error === null) {
        this.#past.splice(this.#past.indexOf(segment), 1)
        released += 1
      } else {
        undeleted.push({ file: segment.file, error })
      }
    }
    if (released > 0) await files.syncDirectory(directory)
    return undeleted
  }

  segments(): Segment[] {
    return [...this.#past, ...this.#open]
  }

  async close(): Promise<void> {
    for (const { disk } of this.#open) await disk.close()
  }
}

/** The file may have been deleted by somebody else. */
function unlessMissing(error: NodeJS.ErrnoException): Error | null {
  return error.code === 'ENOENT' ? null : error
}
