import fs from 'node:fs'
import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { readBoot } from './boot.ts'

/**
 * What the journal needs from a file system. It is small, so that tests can replace it by one that fails or
 * tears writes.
 */
export interface Files {
  /**
   * Returns the name of the machine's current boot; null if unknown. The page cache has everything written
   * since the boot.
   */
  boot(): Promise<string | null>
  /**
   * Creates the directory and its missing parents, readable for their owner only. They survive a power
   * failure.
   */
  makeDirectory(directory: string): Promise<void>
  list(directory: string): Promise<string[]>
  /** Opens an existing file for reading and writing. */
  open(file: string): Promise<OpenFile>
  /** Creates an empty file. Replaces an existing file of that name. */
  create(file: string): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  remove(file: string): Promise<void>
  /** Identifies a file or directory even if another one takes its name. Rejects if it does not exist. */
  identity(file: string): Promise<string>
  /** Makes the names in the directory durable. */
  syncDirectory(directory: string): Promise<void>
}

export interface OpenFile {
  sizeBytes(): Promise<number>
  /**
   * Fills `into` with the bytes at `offset`. Returns their number, which is smaller only at the end of the
   * file.
   */
  read(into: Uint8Array, offset: number): Promise<number>
  /** Writes all bytes. */
  write(bytes: Uint8Array, offset: number): Promise<void>
  /**
   * Writes all bytes and makes them durable, as `write` and `sync` do, but in one operation if the system has
   * one.
   */
  writeThrough(bytes: Uint8Array, offset: number): Promise<void>
  /** Makes all written bytes durable (fdatasync). */
  sync(): Promise<void>
  /** May be called twice. */
  close(): Promise<void>
}

export const diskFiles: Files = {
  boot: readBoot,
  async makeDirectory(directory) {
    const full = path.resolve(directory)
    const first = await mkdir(full, { recursive: true, mode: 0o700 })
    if (first === undefined) return this.syncDirectory(path.dirname(full)).catch(unlessForbidden)
    for (let created = full; ; created = path.dirname(created)) {
      await this.syncDirectory(path.dirname(created))
      if (created === path.resolve(first)) return
    }
  },
  list: (directory) => readdir(directory),
  open: (file) => openFile(file, 'r+'),
  create: (file) => openFile(file, 'w+'),
  rename: (from, to) => rename(from, to),
  remove: (file) => unlink(file),
  async identity(file) {
    // Device and inode are unique on this machine as long as the file is open.
    const { dev, ino } = await stat(file, { bigint: true })
    return `${dev}:${ino}`
  },
  async syncDirectory(directory) {
    const file = await openFile(directory, 'r')
    await file.sync().finally(() => file.close())
  }
}

/** The disk for readers. The operating system refuses all changes. */
export const readOnlyFiles: Files = { ...diskFiles, open: (file) => openFile(file, 'r') }

/**
 * Another process may have created the directory and ended before it was durable. A process that may not read
 * the parent cannot have created it.
 */
function unlessForbidden(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error
}

/** Whether something has run out that may become available again: space, file descriptors or memory. */
export function isShortage(error: unknown): error is Error {
  return isDiskFull(error) || hasCode(error, EXHAUSTED)
}

/** Whether the disk, or the user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, FULL)
}

const FULL = ['ENOSPC', 'EDQUOT']
/** Limits of the process, or of the whole system. */
const EXHAUSTED = ['EMFILE', 'ENFILE', 'ENOMEM']

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '')
}

/**
 * Uses callbacks instead of `FileHandle`: a flush is a single write, and this is the cheapest way to do it.
 */
async function openFile(file: string, flags: string): Promise<OpenFile> {
  return new DiskFile(await openDescriptor(file, flags))
}

function openDescriptor(file: string, flags: string | number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(file, flags, 0o600, (error, fd) => (error ? reject(error) : resolve(fd)))
  })
}

class DiskFile implements OpenFile {
  readonly #fd: number
  /**
   * A second descriptor of the file, whose writes are durable when they return; null if the system has none.
   */
  #through: Promise<number | null> | undefined
  #closed = false

  constructor(fd: number) {
    this.#fd = fd
  }

  sizeBytes(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.fstat(this.#fd, (error, stats) => (error ? reject(error) : resolve(stats.size)))
    })
  }

  async read(into: Uint8Array, offset: number): Promise<number> {
    let done = 0
    while (done < into.length) {
      const count = await this.#readSome(into, done, offset + done)
      if (count === 0) break
      done += count
    }
    return done
  }

  #readSome(into: Uint8Array, at: number, offset: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(this.#fd, into, at, into.length - at, offset, (error, count) =>
        error ? reject(error) : resolve(count)
      )
    })
  }

  write(bytes: Uint8Array, offset: number): Promise<void> {
    return writeAll(this.#fd, bytes, offset)
  }

  /**
   * Takes one trip to the thread pool instead of two, which saves a quarter of the time and of the processor
   * time of a small flush.
   */
  async writeThrough(bytes: Uint8Array, offset: number): Promise<void> {
    this.#through ??= openThrough(this.#fd)
    const fd = await this.#through
    if (fd !== null) return writeAll(fd, bytes, offset)
    await this.write(bytes, offset)
    await this.sync()
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.#fd, (error) => (error ? reject(error) : resolve()))
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const through = await this.#through
    await closeDescriptor(this.#fd)
    if (through !== undefined && through !== null) await closeDescriptor(through)
  }
}

/** Only on Linux: on other systems, O_DSYNC is missing or promises less than a sync does. */
async function openThrough(fd: number): Promise<number | null> {
  if (process.platform !== 'linux') return null
  // Not by its name, because the file may have been renamed. Without /proc this does not work.
  return openDescriptor(`/proc/self/fd/${fd}`, fs.constants.O_WRONLY | fs.constants.O_DSYNC).catch(() => null)
}

function writeAll(fd: number, bytes: Uint8Array, offset: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // A write may end early, because of a signal or an almost full disk. The rest is then written again.
    const writeFrom = (at: number): void => {
      fs.write(fd, bytes, at, bytes.length - at, offset + at, (error, count) => {
        if (error) reject(error)
        else if (at + count < bytes.length) writeFrom(at + count)
        else resolve()
      })
    }
    writeFrom(0)
  })
}

function closeDescriptor(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.close(fd, (error) => (error ? reject(error) : resolve()))
  })
}
