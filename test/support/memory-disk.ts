import { dirname } from 'node:path'
import type { Files, OpenFile } from '../../src/embedded/journal/files.ts'
import { systemError } from './watched-files.ts'

const SECTOR_BYTES = 512

/** A file as the running system sees it, and as a power failure leaves it. */
interface Inode {
  readonly number: number
  seen: Buffer
  durable: Buffer
  /** Sectors that were written since they were synced: the next sync takes them, and no others. */
  readonly dirty: Set<number>
}

/** When syncs fail, and which sectors of those reach the disk all the same. */
export interface Faults {
  fails(): boolean
  survives(): boolean
}

const NO_FAULTS: Faults = { fails: () => false, survives: () => true }

/**
 * A disk with a page cache, for power failures and syncs that fail. What was written but not synced is lost in a power
 * failure sector by sector, in any combination. A name that was given or taken, but whose directory was not synced, may
 * be what it was before.
 *
 * A sync that fails reports that once. After that its sectors count as clean, as in Linux: the page cache shows what was
 * written, the disk may not have it, and the next sync succeeds without writing them. Until they are written anew,
 * `evict` and a power failure bring back what the disk has. Names go through the file system's own journal, which loses
 * nothing that way: the next sync of the directory makes them durable.
 */
export class MemoryDisk implements Files {
  faults: Faults = NO_FAULTS
  #seen = new Map<string, Inode>()
  #durable = new Map<string, Inode>()
  #boots = 1
  #inodes = 0

  /** Cuts the power. Of each dirty sector, and of all names, `survives` says whether they are as last seen. */
  powerFailure(survives: () => boolean): void {
    if (survives()) this.#durable = new Map(this.#seen)
    this.#seen = new Map()
    for (const [name, inode] of this.#durable) {
      writeBack(inode, survives)
      const { number, durable } = inode
      const after = { number, seen: Buffer.from(durable), durable, dirty: new Set<number>() }
      this.#seen.set(name, after)
      this.#durable.set(name, after)
    }
    this.#boots += 1
  }

  /** Reads sectors from the disk again that count as clean, and are not what was last seen: those that do not survive. */
  evict(survives: () => boolean): void {
    for (const inode of this.#seen.values()) {
      for (let sector = 0; sector * SECTOR_BYTES < inode.seen.length; sector++) {
        const seen = sectorOf(inode.seen, sector)
        const durable = sectorOf(padded(inode.durable, inode.seen.length), sector)
        if (!inode.dirty.has(sector) && !seen.equals(durable) && !survives()) durable.copy(seen)
      }
    }
  }

  async boot(): Promise<string> {
    return `boot ${this.#boots}`
  }

  async makeDirectory(): Promise<void> {}

  async list(directory: string): Promise<string[]> {
    const names = [...this.#seen.keys()].filter((name) => dirname(name) === directory)
    return names.map((name) => name.slice(directory.length + 1))
  }

  async open(name: string): Promise<OpenFile> {
    return this.#opened(this.#inode(name))
  }

  async create(name: string): Promise<OpenFile> {
    const number = ++this.#inodes
    const inode = { number, seen: Buffer.alloc(0), durable: Buffer.alloc(0), dirty: new Set<number>() }
    this.#seen.set(name, inode)
    return this.#opened(inode)
  }

  async rename(from: string, to: string): Promise<void> {
    this.#seen.set(to, this.#inode(from))
    this.#seen.delete(from)
  }

  async remove(name: string): Promise<void> {
    this.#inode(name)
    this.#seen.delete(name)
  }

  /** What is not on this disk is always the same. */
  async identity(name: string): Promise<string> {
    return `${this.#seen.get(name)?.number ?? 0}`
  }

  async syncDirectory(): Promise<void> {
    if (this.faults.fails()) throw systemError('EIO')
    this.#durable = new Map(this.#seen)
  }

  #inode(name: string): Inode {
    const inode = this.#seen.get(name)
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' })
    return inode
  }

  #opened(inode: Inode): OpenFile {
    let isOpen = true
    const opened = (): Inode => {
      if (!isOpen) throw Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' })
      return inode
    }
    const sync = (sectors: Iterable<number>): void => {
      const hasFailed = this.faults.fails()
      writeBack(inode, hasFailed ? this.faults.survives : () => true, sectors)
      if (hasFailed) throw systemError('EIO')
    }
    return {
      sizeBytes: async () => opened().seen.length,
      read: async (into, offset) => opened().seen.subarray(offset).copy(into),
      write: async (bytes, offset) => void write(opened(), bytes, offset),
      // What else was written is not made durable by that.
      writeThrough: async (bytes, offset) => sync(write(opened(), bytes, offset)),
      sync: async () => sync(opened().dirty),
      close: async () => {
        isOpen = false
      }
    }
  }
}

/** Gives the sectors that it went to. */
function write(inode: Inode, bytes: Uint8Array, offset: number): number[] {
  inode.seen = padded(inode.seen, offset + bytes.length)
  inode.seen.set(bytes, offset)
  const sectors: number[] = []
  for (let at = offset - (offset % SECTOR_BYTES); at < offset + bytes.length; at += SECTOR_BYTES) {
    sectors.push(at / SECTOR_BYTES)
    inode.dirty.add(at / SECTOR_BYTES)
  }
  return sectors
}

/** Takes those of the dirty sectors to the disk that survive, and the length. All of them are clean then. */
function writeBack(inode: Inode, survives: () => boolean, sectors: Iterable<number> = inode.dirty): void {
  const { seen, dirty } = inode
  if (seen.length > inode.durable.length && survives()) inode.durable = padded(inode.durable, seen.length)
  for (const sector of [...sectors]) {
    if (!dirty.delete(sector) || !survives()) continue
    const durable = sectorOf(inode.durable, sector)
    sectorOf(seen, sector).copy(durable)
  }
}

function sectorOf(bytes: Buffer, sector: number): Buffer {
  return bytes.subarray(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES)
}

/** Itself, or with zeros to that length. */
function padded(bytes: Buffer, length: number): Buffer {
  if (bytes.length >= length) return bytes
  const longer = Buffer.alloc(length)
  bytes.copy(longer)
  return longer
}
