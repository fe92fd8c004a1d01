import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { open, type RangeOptions, type RootDatabase } from 'lmdb'
import { diskFiles } from '../journal/files.ts'
import { settleHeads } from './heads.ts'
import type { KeyRange } from './keys.ts'
import { PAGE_BYTES, refuseCutShort, refuseForeign, unusable } from './pages.ts'

/** Of the files that lmdb makes. Its types lack the option. */
const PERMISSIONS = { permissionsMode: 0o600 }

/** A value carries that many bytes of checksum behind it. */
export const CHECKSUM_BYTES = 4

/** A key, and what is stored there with its checksum. */
export interface Stored {
  readonly key: Buffer
  readonly value: Buffer
}

/**
 * An ordered file of keys and values that changes by whole transactions. What lmdb leaves out is added here: a checksum
 * over each key and its value, so that what a disk has garbled is refused and not taken for something else.
 */
export class StoreFile {
  readonly #db: RootDatabase<Buffer, Buffer>
  readonly #file: string
  /** The last transaction: the disk may lack what the page cache shows of the file's head. */
  #hasFailed = false
  #sizeBytes: number

  private constructor(file: string, db: RootDatabase<Buffer, Buffer>) {
    this.#file = file
    this.#db = db
    this.#sizeBytes = statSync(file).size
  }

  /**
   * Makes the file unless it is there. Throws storage-failed when it is of another kind, or when its end is missing and
   * nobody else can be writing to it.
   */
  static open(file: string, readOnly: boolean): StoreFile {
    if (readOnly) refuseForeign(file)
    else refuseCutShort(file)
    try {
      const db = open<Buffer, Buffer>({
        path: file,
        encoding: 'binary',
        keyEncoding: 'binary',
        pageSize: PAGE_BYTES,
        readOnly,
        // A commit is one that survives a power cut, or none.
        overlappingSync: false,
        // With it, lmdb makes a promise of its own for each turn's writes. Nobody has that one, and when a commit fails,
        // its rejection would end the process.
        eventTurnBatching: false,
        ...PERMISSIONS
      })
      return new StoreFile(file, db)
    } catch (error) {
      throw unusable(file, error instanceof Error ? error.message : String(error), error)
    }
  }

  /** Its size after the last transaction, including space that is free to be used again. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Null when there is none. Throws storage-failed on a wrong checksum, as all that reads does. */
  get(key: Buffer): Buffer | null {
    const stored = this.#db.getBinary(key)
    return stored === undefined ? null : this.#unsealed(key, stored)
  }

  /** The same, to be looked at before anything else is read: for many values, in half the time. */
  peek(key: Buffer): Uint8Array | null {
    const stored = this.#db.getBinaryFast(key)
    return stored === undefined ? null : this.#unsealed(key, stored)
  }

  /** Keys with what is stored under them, sound or not. */
  stored(range: RangeOptions): Iterable<Stored> {
    return this.#db.getRange(range) as Iterable<Stored>
  }

  *range(range: RangeOptions): Generator<{ key: Buffer; value: Buffer }, undefined> {
    for (const { key, value } of this.#db.getRange(range)) {
      yield { key: key as Buffer, value: this.#unsealed(key as Buffer, value) }
    }
  }

  /** The first key of a range with what is stored there, sound or not, which is the caller's to keep; null when there is none. */
  first({ start, end }: KeyRange): Stored | null {
    return this.#one({ start, end, limit: 1 })
  }

  /** The same of the last key. */
  last({ start, end }: KeyRange): Stored | null {
    return this.#one({ start: end, exclusiveStart: true, end: start, reverse: true, limit: 1 })
  }

  /** The first key of a range; null when there is none. */
  firstKey({ start, end }: KeyRange): Buffer | null {
    const [key] = this.keys({ start, end, limit: 1 })
    return key ?? null
  }

  /** The last key of a range; null when there is none. */
  lastKey({ start, end }: KeyRange): Buffer | null {
    const [key] = this.keys({ start: end, exclusiveStart: true, end: start, reverse: true, limit: 1 })
    return key ?? null
  }

  keys(range: RangeOptions): Buffer[] {
    return [...this.#db.getKeys(range)] as Buffer[]
  }

  /** Runs `work`, which alone may call `put` and `remove`: all of it is durable then, or nothing has changed. */
  async transaction(work: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) await settleHeads(diskFiles, this.#file)
    this.#hasFailed = true
    try {
      await this.#db.childTransaction(work)
    } catch (error) {
      throw await causeOf(error)
    }
    this.#hasFailed = false
    this.#db.resetReadTxn()
    this.#sizeBytes = await stat(this.#file).then(
      ({ size }) => size,
      () => this.#sizeBytes
    )
  }

  put(key: Buffer, value: Uint8Array): void {
    const stored = Buffer.allocUnsafe(value.length + CHECKSUM_BYTES)
    stored.set(value)
    stored.writeUInt32LE(checksum(key, value), value.length)
    this.#db.put(key, stored)
  }

  remove(key: Buffer): void {
    this.#db.remove(key)
  }

  /** Writes what there is now to another file, also while somebody else changes this one. */
  async copyTo(file: string): Promise<void> {
    await this.#db.backup(file, false)
  }

  async close(): Promise<void> {
    await this.#db.close()
  }

  /** Here everything counts: a generator in between, or options that were spread, take as long as the search. */
  #one(range: RangeOptions): Stored | null {
    for (const stored of this.#db.getRange(range)) return stored as Stored
    return null
  }

  #unsealed(key: Buffer, stored: Buffer): Buffer {
    if (isSound(key, stored)) return stored.subarray(0, stored.length - CHECKSUM_BYTES)
    throw unusable(this.#file, `the value of key ${key.toString('hex')} is damaged`)
  }
}

/** When a commit fails, lmdb rejects with an error that has a promise of the cause, which rejects in its turn. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error
  const cause = Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason
  )
  return Promise.race([cause, setTimeout(CAUSE_MS, error)])
}

const CAUSE_MS = 1000

export function checksum(key: Buffer, value: Uint8Array): number {
  return crc32(value, crc32(key))
}

/** Whether a value and the checksum behind it belong together, and to this key. */
export function isSound(key: Buffer, stored: Buffer): boolean {
  const length = stored.length - CHECKSUM_BYTES
  return length >= 0 && checksum(key, stored.subarray(0, length)) === stored.readUInt32LE(length)
}
