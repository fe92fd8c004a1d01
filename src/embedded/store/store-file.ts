import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { open, type RangeOptions, type RootDatabase } from 'lmdb'
import { diskFiles } from '../journal/files.ts'
import { settleHeads } from './heads.ts'
import type { KeyRange } from './keys.ts'
import { PAGE_BYTES } from './page.ts'
import { refuseCutShort, refuseForeign, unusable } from './pages.ts'

/** The mode of the files that lmdb creates. Its types lack this option. */
const PERMISSIONS = { permissionsMode: 0o600 }

/** The checksum at the end of each value. */
export const CHECKSUM_BYTES = 4

/** A key and its value, with the checksum at the end. */
export interface Stored {
  readonly key: Buffer
  readonly value: Buffer
}

/**
 * A file of keys and values in the order of the keys, which changes by whole transactions. lmdb has no
 * checksums, so this adds one over each key and its value: values that the disk has damaged are refused, not
 * misread.
 */
export class StoreFile {
  readonly #db: RootDatabase<Buffer, Buffer>
  readonly #file: string
  /** Whether the last transaction failed. Its meta page may then be in the page cache, but not on disk. */
  #hasFailed = false
  #sizeBytes: number

  private constructor(file: string, db: RootDatabase<Buffer, Buffer>) {
    this.#file = file
    this.#db = db
    this.#sizeBytes = statSync(file).size
  }

  /**
   * Creates the file if it does not exist. Throws storage-failed if it is not a file of lmdb, or cannot be
   * opened, or if its end is missing. A read-only file may be growing, so its end is not checked.
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
        // A commit resolves only when it survives a power cut.
        overlappingSync: false,
        // If true, lmdb creates a promise for the writes of each turn of the event loop. Nobody could handle
        // it, and its rejection would end the process when a commit fails.
        eventTurnBatching: false,
        ...PERMISSIONS
      })
      return new StoreFile(file, db)
    } catch (error) {
      throw unusable(file, error instanceof Error ? error.message : String(error), error)
    }
  }

  /** The size of the file after the last transaction, including free pages. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Null if the key does not exist. Throws storage-failed if the checksum is wrong. */
  get(key: Buffer): Buffer | null {
    const stored = this.#db.getBinary(key)
    return stored === undefined ? null : this.#unsealed(key, stored)
  }

  /** The same in half the time. The next read may overwrite the value. */
  peek(key: Buffer): Uint8Array | null {
    const stored = this.#db.getBinaryFast(key)
    return stored === undefined ? null : this.#unsealed(key, stored)
  }

  /** The keys of a range and their values, damaged or not. */
  stored(range: RangeOptions): Iterable<Stored> {
    return this.#db.getRange(range) as Iterable<Stored>
  }

  /** The same without checksums. Throws storage-failed if one is wrong. */
  *range(range: RangeOptions): Generator<{ key: Buffer; value: Buffer }, undefined> {
    for (const { key, value } of this.#db.getRange(range)) {
      yield { key: key as Buffer, value: this.#unsealed(key as Buffer, value) }
    }
  }

  /** The first key of a range and its value, damaged or not, for the caller to keep. Null if there is none. */
  first({ start, end }: KeyRange): Stored | null {
    return this.#one({ start, end, limit: 1 })
  }

  /** The same for the last key. */
  last({ start, end }: KeyRange): Stored | null {
    return this.#one({ start: end, exclusiveStart: true, end: start, reverse: true, limit: 1 })
  }

  /** The first key of a range. Null if there is none. */
  firstKey({ start, end }: KeyRange): Buffer | null {
    const [key] = this.keys({ start, end, limit: 1 })
    return key ?? null
  }

  /** The last key of a range. Null if there is none. */
  lastKey({ start, end }: KeyRange): Buffer | null {
    const [key] = this.keys({ start: end, exclusiveStart: true, end: start, reverse: true, limit: 1 })
    return key ?? null
  }

  keys(range: RangeOptions): Buffer[] {
    return [...this.#db.getKeys(range)] as Buffer[]
  }

  /**
   * Runs `work`, the only place that may call `put` and `remove`. Once this resolves, all changes are
   * durable. If it rejects, nothing has changed; the error is the cause, such as a full disk.
   */
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

  /** Copies the last commit to another file, even while this one is being written. */
  async copyTo(file: string): Promise<void> {
    await this.#db.backup(file, false)
  }

  async close(): Promise<void> {
    await this.#db.close()
  }

  /** The fastest form: a generator in between, or spreading the options, would take as long as the search. */
  #one(range: RangeOptions): Stored | null {
    for (const stored of this.#db.getRange(range)) return stored as Stored
    return null
  }

  #unsealed(key: Buffer, stored: Buffer): Buffer {
    if (isSound(key, stored)) return stored.subarray(0, stored.length - CHECKSUM_BYTES)
    throw unusable(this.#file, `the value of key ${key.toString('hex')} is damaged`)
  }
}

/** When a commit fails, lmdb rejects with an error that has a promise for the cause, which rejects later. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error
  const cause = Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason
  )
  return Promise.race([cause, setTimeout(CAUSE_MS, error)])
}

/** How long to wait for the cause. */
const CAUSE_MS = 1000

/** CRC-32 of the key followed by the value. */
export function checksum(key: Buffer, value: Uint8Array): number {
  return crc32(value, crc32(key))
}

/** Whether the checksum at the end of a value is that of the key and the value. */
export function isSound(key: Buffer, stored: Buffer): boolean {
  const length = stored.length - CHECKSUM_BYTES
  return length >= 0 && checksum(key, stored.subarray(0, length)) === stored.readUInt32LE(length)
}
