import { dirname } from 'node:path'
import type { Files, OpenFile } from '../../src/embedded/journal/files.ts'

const SECTOR_BYTES = 512

/** A file as the running system sees it, and as a power failure leaves it. */
interface Inode {
  seen: Buffer
  durable: Buffer
}

/**
 * A disk with a page cache, for power failures: what was written but not synced is then lost sector by sector, in any
 * combination. A name that was given or taken, but whose directory was not synced, may be what it was before.
 */
export class MemoryDisk implements Files {
  #seen = new Map<string, Inode>()
  #durable = new Map<string, Inode>()

  /** Cuts the power. Of each sector, and of all names, `survives` says whether they are as last seen. */
  powerFailure(survives: () => boolean): void {
    if (survives()) this.#durable = new Map(this.#seen)
    for (const inode of this.#durable.values()) inode.durable = remains(inode, survives)
    this.#seen = new Map()
    for (const [name, { durable }] of this.#durable) {
      const inode = { seen: Buffer.from(durable), durable }
      this.#seen.set(name, inode)
      this.#durable.set(name, inode)
    }
  }

  async makeDirectory(): Promise<void> {}

  async list(directory: string): Promise<string[]> {
    const names = [...this.#seen.keys()].filter((name) => dirname(name) === directory)
    return names.map((name) => name.slice(directory.length + 1))
  }

  async open(name: string): Promise<OpenFile> {
    return openInode(this.#inode(name))
  }

  async create(name: string): Promise<OpenFile> {
    const inode = { seen: Buffer.alloc(0), durable: Buffer.alloc(0) }
    this.#seen.set(name, inode)
    return openInode(inode)
  }

  async rename(from: string, to: string): Promise<void> {
    this.#seen.set(to, this.#inode(from))
    this.#seen.delete(from)
  }

  async remove(name: string): Promise<void> {
    this.#inode(name)
    this.#seen.delete(name)
  }

  async syncDirectory(): Promise<void> {
    this.#durable = new Map(this.#seen)
  }

  #inode(name: string): Inode {
    const inode = this.#seen.get(name)
    if (inode === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' })
    return inode
  }
}

function remains({ seen, durable }: Inode, survives: () => boolean): Buffer {
  const isLonger = seen.length > durable.length && survives()
  const left = Buffer.alloc(isLonger ? seen.length : durable.length)
  durable.copy(left)
  for (let at = 0; at < left.length; at += SECTOR_BYTES) {
    const sector = seen.subarray(at, Math.min(at + SECTOR_BYTES, left.length))
    if (!sector.equals(left.subarray(at, at + sector.length)) && survives()) sector.copy(left, at)
  }
  return left
}

function openInode(inode: Inode): OpenFile {
  let isOpen = true
  const opened = (): Inode => {
    if (!isOpen) throw Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' })
    return inode
  }
  return {
    sizeBytes: async () => opened().seen.length,
    read: async (into, offset) => opened().seen.subarray(offset).copy(into),
    write: async (bytes, offset) => {
      inode.seen = withBytes(opened().seen, bytes, offset)
    },
    // What else was written is not made durable by that.
    writeThrough: async (bytes, offset) => {
      inode.seen = withBytes(opened().seen, bytes, offset)
      inode.durable = withBytes(inode.durable, bytes, offset)
    },
    sync: async () => {
      inode.durable = Buffer.from(opened().seen)
    },
    close: async () => {
      isOpen = false
    }
  }
}

function withBytes(before: Buffer, bytes: Uint8Array, offset: number): Buffer {
  const written = Buffer.alloc(Math.max(before.length, offset + bytes.length))
  before.copy(written)
  written.set(bytes, offset)
  return written
}
