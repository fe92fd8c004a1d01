import { dirname } from 'node:path'
import type { Files, OpenFile } from '../../src/embedded/journal/files.ts'
import { systemError } from './watched-files.ts'

const SECTOR_BYTES = 512

/** A file as the running system sees it, and as a power failure would leave it. */
interface Inode {
  readonly number: number
  seen: Buffer
  durable: Buffer
  /** Sectors that were written since their last sync. The next sync writes only these. */
  readonly dirty: Set<number>
}

/** The faults of a disk. */
export interface Faults {
  /** Whether the next sync fails. */
  fails(): boolean
  /** Whether the next sector of a failed sync reaches the disk nevertheless. */
  survives(): boolean
}

const NO_FAULTS: Faults = { fails: () => false, survives: () => true }

/**
 * A disk with a page cache, to simulate power failures and failed syncs. A power failure loses any combination of the
 * sectors that were written and not synced. A file that was created, renamed or removed may be as before unless its
 * directory was synced.
 *
 * A sync reports a failure once. Its sectors then count as clean, as in Linux: the page cache shows what was written,
 * the disk may not contain it, and the next sync succeeds without writing them. Until they are written again, `evict`
 * and a power failure bring back what the disk contains. Names are different, because the journal of the file system
 * keeps them: the next sync of the directory makes them durable.
 */
export class MemoryDisk implements Files {
  faults: Faults = NO_FAULTS
  #seen = new Map<string, Inode>()
  #durable = new Map<string, Inode>()
  #boots = 1
  #inodes = 0

  /** Cuts the power. `survives` decides for all names together, and for each dirty sector, whether they are kept. */
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

  /**
   * Evicts clean sectors from the page cache that differ from the disk, except those that survive. They are then read
   * from the disk again.
   */
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

  /** A file that is not on this disk has the identity "0". */
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
      // Other dirty sectors of the file are not synced.
      writeThrough: async (bytes, offset) => sync(write(opened(), bytes, offset)),
      sync: async () => sync(opened().dirty),
      close: async () => {
        isOpen = false
      }
    }
  }
}

/** Writes to the page cache. Returns the sectors that were written. */
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

/** Writes the dirty sectors that survive to the disk, and the length. All of these sectors count as clean then. */
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

/** The bytes, padded with zeros to at least this length. */
function padded(bytes: Buffer, length: number): Buffer {
  if (bytes.length >= length) return bytes
  const longer = Buffer.alloc(length)
  bytes.copy(longer)
  return longer
}
