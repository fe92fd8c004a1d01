import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { EngineError } from '../../contract/errors.ts'
import type { OnProgress } from '../progress.ts'
import { type FreeRun, freeRuns, transactionOf } from './free-list.ts'
import { META_PAGES, MetaPage, type Tree } from './meta-page.ts'
import {
  BRANCH,
  hasRoom,
  LEAF,
  type LeafNode,
  OVERFLOW,
  overflowValue,
  PAGE_BYTES,
  Page,
  type Reference
} from './page.ts'

/** Throws storage-failed unless the file begins like one of lmdb's, or does not exist yet. */
export function refuseForeign(file: string): void {
  withPages(file, () => undefined)
}

/**
 * Throws storage-failed if refuseForeign does, or if pages in use are missing at the end, as in a copy of a
 * file that was being written. Missing pages may be free, so this checks all pages of a file that is shorter
 * than its meta page says.
 */
export function refuseCutShort(file: string): void {
  withPages(file, (pages) => {
    if (pages.endsEarly) pages.check()
  })
}

/**
 * Checks all pages of a file that nobody writes to. Throws storage-failed if they could crash lmdb, hide keys
 * from it, or make a later commit overwrite pages in use. Does not check values: each has a checksum, which
 * is checked whenever the value is read.
 */
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

/** What a page must be, because of the page above it. */
interface Expected {
  readonly page: number
  /** 1 for a leaf page, 2 for a branch page above leaf pages, and so on. */
  readonly level: number
  /** The lowest possible key; null if there is no limit. */
  readonly from: Buffer | null
  /** All keys are below this one; null if there is no limit. */
  readonly to: Buffer | null
  /** The latest possible transaction. */
  readonly txnid: bigint
}

/** The order of the keys in a tree, and what else to check in a node of a leaf page. */
interface TreeRules {
  readonly order: (a: Buffer, b: Buffer) => number
  readonly onNode: (node: LeafNode) => void
}

const IN_USE = 1
const FREE = 2

/**
 * The pages of a file, all of which lmdb trusts. A wrong page number makes it read outside the file, and a
 * signal ends the process. A wrong key in a branch page hides keys that exist. A page in use that the free
 * list contains is overwritten by a later commit. No walk over the keys would find that.
 */
class Pages {
  readonly #file: string
  readonly #fd: number
  readonly #metas: readonly MetaPage[]
  readonly #current: MetaPage
  /** What the check has found of each page in the file: IN_USE, FREE, or 0 for nothing yet. */
  readonly #found: Uint8Array
  #foundCount = 0
  #onProgress: OnProgress | undefined

  /** Throws storage-failed unless the file begins with two meta pages. */
  constructor(file: string, fd: number, size: number) {
    this.#file = file
    this.#fd = fd
    const first = new MetaPage(this.#read(0, PAGE_BYTES))
    const second = new MetaPage(this.#read(1, PAGE_BYTES))
    if (size < META_PAGES * PAGE_BYTES || !first.hasMagic || !second.hasMagic) {
      throw unusable(file, 'it is not a store, or its beginning is damaged')
    }
    this.#metas = [first, second]
    this.#current = second.txnid > first.txnid ? second : first
    this.#found = new Uint8Array(Math.floor(size / PAGE_BYTES))
  }

  /** Whether pages are missing at the end, in use or free. */
  get endsEarly(): boolean {
    return this.#found.length <= this.#current.lastPage
  }

  check(onProgress?: OnProgress): void {
    this.#onProgress = onProgress
    for (const [number, meta] of this.#metas.entries()) if (!meta.isSound) throw this.#damaged(number)
    this.#checkTree(this.#current.main, { order: Buffer.compare, onNode: () => undefined })
    this.#checkTree(this.#current.freeList, { order: byNumber, onNode: (node) => this.#checkFree(node) })
  }

  #checkTree({ root, depth }: Tree, rules: TreeRules): void {
    if (root === null) return
    this.#checkPage({ page: root, level: depth, from: null, to: null, txnid: this.#current.txnid }, rules)
  }

  #checkPage(expected: Expected, rules: TreeRules): void {
    if (expected.level > 1) this.#checkBranch(expected, rules)
    else this.#checkLeaf(expected, rules)
  }

  #checkBranch(expected: Expected, rules: TreeRules): void {
    const page = this.#page(expected.page, BRANCH, expected.txnid)
    const nodes = page.branchNodes() ?? []
    const keys = nodes.slice(1).map(({ key }) => key)
    if (nodes.length === 0 || !isOrdered(keys, expected, rules)) throw this.#damaged(expected.page)
    for (const [n, { child }] of nodes.entries()) {
      const [from, to] = [keys[n - 1] ?? expected.from, keys[n] ?? expected.to]
      this.#checkPage({ page: child, level: expected.level - 1, from, to, txnid: page.txnid }, rules)
    }
  }

  #checkLeaf(expected: Expected, rules: TreeRules): void {
    const nodes = this.#page(expected.page, LEAF, expected.txnid).leafNodes() ?? []
    const keys = nodes.map(({ key }) => key)
    if (nodes.length === 0 || !isOrdered(keys, expected, rules)) throw this.#damaged(expected.page)
    for (const node of nodes) {
      if (!Buffer.isBuffer(node.value)) this.#checkOverflow(node.value)
      rules.onNode(node)
    }
  }

  #checkOverflow(reference: Reference): void {
    const { page, txnid, pages } = reference
    const first = this.#page(page, OVERFLOW, txnid)
    if (first.txnid !== txnid || first.pages !== pages || !hasRoom(reference)) throw this.#damaged(page)
    for (let further = page + 1; further < page + pages; further++) this.#use(further)
  }

  #checkFree({ key, value }: LeafNode): void {
    const txnid = transactionOf(key)
    const runs = freeRuns(Buffer.isBuffer(value) ? value : this.#overflowValue(value))
    if (txnid === null || txnid > this.#current.txnid || runs === null) {
      throw this.#unwritable('is damaged')
    }
    for (const run of runs) this.#markFree(run)
  }

  #markFree({ first, pages }: FreeRun): void {
    const end = first + pages
    if (first < META_PAGES || end > this.#current.lastPage + 1) {
      throw this.#unwritable(`contains page ${first}, which cannot be free`)
    }
    for (let page = first; page < Math.min(end, this.#found.length); page++) {
      if (this.#found[page] === IN_USE) {
        throw this.#unwritable(`contains page ${page}, which is in use`)
      }
      if (this.#found[page] === FREE) {
        throw this.#unwritable(`contains page ${page} twice`)
      }
      this.#mark(page, FREE)
    }
  }

  /** Reads a page that is in use. Throws storage-failed if it has other flags or a later transaction. */
  #page(number: number, flags: number, txnid: bigint): Page {
    this.#use(number)
    const page = new Page(this.#read(number, PAGE_BYTES))
    if (page.number !== number || page.flags !== flags || page.txnid > txnid) throw this.#damaged(number)
    return page
  }

  #use(number: number): void {
    if (number >= this.#found.length) throw this.#unusable(`it ends before page ${number}`)
    if (number < META_PAGES || number > this.#current.lastPage || this.#found[number] !== 0) {
      throw this.#damaged(number)
    }
    this.#mark(number, IN_USE)
  }

  #mark(number: number, as: typeof IN_USE | typeof FREE): void {
    this.#found[number] = as
    this.#onProgress?.('pages of the store', ++this.#foundCount, this.#found.length)
  }

  #overflowValue(reference: Reference): Buffer {
    return overflowValue(this.#read(reference.page, reference.pages * PAGE_BYTES), reference)
  }

  /** Bytes that are missing in the file are 0. */
  #read(page: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes)
    readSync(this.#fd, buffer, 0, bytes, page * PAGE_BYTES)
    return buffer
  }

  #damaged(number: number): EngineError {
    return this.#unusable(`page ${number} or a reference to it is damaged`)
  }

  /** It can be read, but the next commit could overwrite pages in use. */
  #unwritable(why: string): EngineError {
    const message = `The store ${this.#file} cannot be written: its list of free pages ${why}`
    return new EngineError('storage-failed', message)
  }

  #unusable(why: string): EngineError {
    return unusable(this.#file, why)
  }
}

/** Whether keys are within the limits, and each is above the one before. */
function isOrdered(keys: readonly Buffer[], { from, to }: Expected, { order }: TreeRules): boolean {
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined) return true
  if (from !== null && order(first, from) < 0) return false
  if (to !== null && order(last, to) >= 0) return false
  return keys.every((key, n) => n === 0 || order(keys[n - 1] as Buffer, key) < 0)
}

/** The order of little-endian numbers. */
function byNumber(a: Buffer, b: Buffer): number {
  return Buffer.compare(Buffer.from(a).reverse(), Buffer.from(b).reverse())
}

export function unusable(file: string, why: string, cause?: unknown): EngineError {
  return new EngineError('storage-failed', `The store ${file} cannot be read: ${why}`, { cause })
}
