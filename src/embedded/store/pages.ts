import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { EngineError } from '../../contract/errors.ts'
import type { OnProgress } from '../progress.ts'

/*
 * What lmdb's file is made of, as its source has it (mdb.c: MDB_page, MDB_meta, MDB_db, MDB_node, MDB_ovpage; numbers
 * are little-endian). It believes what stands there: what leads out of the file ends the process with a signal, and no
 * error tells why.
 *
 *     page      number u64 │ transaction u64 │ zeros │ kind u16 at 18 │ length of places u16, or pages of a value u32
 *     head      page │ magic u32 │ version u32 │ 8 bytes │ bytes to map u64 │ trees of free pages and of keys │ last page u64 │ transaction u64
 *     tree      page size u32 │ flags u16 │ depth u16 │ 32 bytes │ root u64
 *     branch    page │ places of nodes, u16 each │ … nodes: page u48 │ length of key u16 │ key
 *     leaf      page │ places of nodes, u16 each │ … nodes: length u32 │ flags u16 │ length of key u16 │ key │ value
 *
 * The first two pages are heads, of the last two transactions. Instead of a long value stands where its pages are:
 * first u64, transaction u64, how many u64. Places are counted from the end of the page's header.
 */
const HEADER_BYTES = 24
const NODE_BYTES = 8
/** lmdb copies keys to where there is room for that. */
const MAX_KEY_BYTES = 1978
const HEADS = 2

const MAGIC = 0xbeefc0de
const VERSION = 2
export const PAGE_BYTES = 4096

const BRANCH = 1
const LEAF = 2
const OVERFLOW = 4
const HEAD = 8
/** Of a node whose value has pages of its own; other flags are for what is not used here. */
const ON_PAGES = 1

/** Of a head, in whose file no page would be what it is here. */
const ENCRYPTED = 0x2000

/** What an empty tree has for a root. */
const NO_ROOT = 2n ** 64n - 1n
/** lmdb goes no deeper. */
const MAX_DEPTH = 32

/** Throws storage-failed unless the file begins as one of lmdb does, or is not there yet. */
export function refuseForeign(file: string): void {
  withPages(file, () => undefined)
}

/**
 * The same, and throws storage-failed when pages that are in use are missing at the end, as in a copy of a file that was written to
 * meanwhile. That some are missing is nothing by itself, since they may be free, so all others are looked at then.
 */
export function refuseCutShort(file: string): void {
  withPages(file, (pages) => {
    if (pages.endsEarly) pages.check()
  })
}

/** Throws storage-failed unless every page in use is there, and is what leads to it takes it for. */
export function checkPages(file: string, onProgress?: OnProgress): void {
  withPages(file, (pages) => pages.check(onProgress))
}

function withPages(file: string, use: (pages: Pages) => void): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return
  const fd = openSync(file, 'r')
  try {
    use(new Pages(file, fd, size))
  } finally {
    closeSync(fd)
  }
}

class Pages {
  readonly #file: string
  readonly #fd: number
  readonly #heads: readonly Buffer[]
  /** Of the last transaction. */
  readonly #head: Buffer
  /** Of each page there is, whether something has led to it. */
  readonly #seen: Uint8Array
  #seenCount = 0
  #onProgress: OnProgress | undefined

  /** Throws storage-failed when it does not begin with two heads. */
  constructor(file: string, fd: number, size: number) {
    this.#file = file
    this.#fd = fd
    const [first, second] = [this.#bytes(0), this.#bytes(1)]
    if (size < HEADS * PAGE_BYTES || !isHead(first) || !isHead(second)) {
      throw this.#unusable('it is not a store, or its beginning is damaged')
    }
    this.#heads = [first, second]
    this.#head = transaction(first) > transaction(second) ? first : second
    this.#seen = new Uint8Array(Math.floor(size / PAGE_BYTES))
  }

  /** Pages are missing, free ones or not. */
  get endsEarly(): boolean {
    return this.#seen.length <= lastPage(this.#head)
  }

  check(onProgress?: OnProgress): void {
    this.#onProgress = onProgress
    for (const [number, head] of this.#heads.entries()) if (!isSound(head)) throw this.#damaged(number)
    for (const at of [48, 96]) {
      const root = this.#head.readBigUInt64LE(at + 40)
      const depth = this.#head.readUInt16LE(at + 6)
      if (root !== NO_ROOT) this.#checkTree(Number(root), Math.min(depth, MAX_DEPTH))
    }
  }

  #checkTree(number: number, depth: number): void {
    const page = this.#page(number, depth > 1 ? BRANCH : LEAF)
    const places = page.readUInt16LE(20)
    if (places > PAGE_BYTES - HEADER_BYTES) throw this.#damaged(number)
    for (let at = HEADER_BYTES; at < HEADER_BYTES + places; at += 2) {
      const node = page.subarray(HEADER_BYTES + page.readUInt16LE(at))
      if (node.length < NODE_BYTES || keyBytes(node) > Math.min(MAX_KEY_BYTES, node.length - NODE_BYTES)) {
        throw this.#damaged(number)
      }
      if (depth > 1) this.#checkTree(node.readUIntLE(0, 6), depth - 1)
      else this.#checkValue(number, node)
    }
  }

  #checkValue(number: number, node: Buffer): void {
    const length = node.readUInt32LE(0)
    const flags = node.readUInt16LE(4)
    const value = node.subarray(NODE_BYTES + keyBytes(node))
    if (flags === 0 && length <= value.length) return
    if (flags !== ON_PAGES || value.length < HEADER_BYTES) throw this.#damaged(number)
    const first = Number(value.readBigUInt64LE(0))
    const pages = this.#page(first, OVERFLOW).readUInt32LE(20)
    if (HEADER_BYTES + length > pages * PAGE_BYTES) throw this.#damaged(first)
    for (let further = first + 1; further < first + pages; further++) this.#see(further)
  }

  /** One of this kind, which nothing else has led to. */
  #page(number: number, kind: number): Buffer {
    this.#see(number)
    const page = this.#bytes(number)
    const isIt = page.readBigUInt64LE(0) === BigInt(number) && kindOf(page) === kind
    if (!isIt || page.readBigUInt64LE(8) > transaction(this.#head)) throw this.#damaged(number)
    return page
  }

  #see(number: number): void {
    if (number >= this.#seen.length) throw this.#unusable(`it ends before page ${number}`)
    if (number < HEADS || this.#seen[number] === 1) throw this.#damaged(number)
    this.#seen[number] = 1
    this.#onProgress?.('pages of the store', ++this.#seenCount, this.#seen.length)
  }

  #bytes(number: number): Buffer {
    const page = Buffer.alloc(PAGE_BYTES)
    readSync(this.#fd, page, 0, PAGE_BYTES, number * PAGE_BYTES)
    return page
  }

  #damaged(number: number): EngineError {
    return this.#unusable(`page ${number} or a reference to it is damaged`)
  }

  #unusable(why: string): EngineError {
    return unusable(this.#file, why)
  }
}

function isHead(page: Buffer): boolean {
  return page.readUInt32LE(24) === MAGIC
}

/** Whether lmdb can take it for what it says. */
function isSound(head: Buffer): boolean {
  const [version, pageBytes] = [28, 48].map((at) => head.readUInt32LE(at))
  if (kindOf(head) !== HEAD || version !== VERSION || pageBytes !== PAGE_BYTES) return false
  const isEncrypted = (head.readUInt16LE(52) & ENCRYPTED) !== 0
  return !isEncrypted && lastPage(head) < head.readBigUInt64LE(40) / BigInt(PAGE_BYTES)
}

function kindOf(page: Buffer): number {
  return page.readUInt16LE(18)
}

function lastPage(head: Buffer): bigint {
  return head.readBigUInt64LE(144)
}

function keyBytes(node: Buffer): number {
  return node.readUInt16LE(6)
}

function transaction(head: Buffer): bigint {
  return head.readBigUInt64LE(152)
}

export function unusable(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError('storage-failed', `The store ${file} cannot be read: ${why}`, { cause })
}
