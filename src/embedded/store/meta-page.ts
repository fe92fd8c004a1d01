import { PAGE_BYTES } from './page.ts'

/*
 * A meta page: MDB_meta and MDB_db in the mdb.c that page.ts names.
 *
 *       0   the header of a page
 *      24   magic u32 │ version u32 │ address u64 │ mapsize u64
 *      48   the free list, an MDB_db; its pad is the page size, its flags include those of the environment
 *      96   the main database, an MDB_db
 *     144   last_pg u64 │ txnid u64
 *
 *     MDB_db     pad u32 │ flags u16 │ depth u16 │ 4 counts u64 │ root u64
 *
 * Pages 0 and 1 are meta pages. Commits write them in turns, so the one with the higher txnid is current.
 */

export const META_PAGES = 2

/** The flag of a meta page in its header. */
const META = 8
const MAGIC = 0xbeefc0de
const DATA_VERSION = 2

/** The flags of a database that change how keys are compared and values are stored. */
const DATABASE_FLAGS = 0x7f
const INTEGER_KEY = 0x08
/** The flag of an environment whose pages are encrypted. */
const ENCRYPTED = 0x2000

/** The root of an empty tree. */
const NO_ROOT = 2n ** 64n - 1n
/** lmdb's cursors go no deeper. */
const MAX_DEPTH = 32

export interface Tree {
  /** Null if the tree is empty. */
  readonly root: number | null
  /** The number of pages from the root to a leaf, both included. */
  readonly depth: number
}

export class MetaPage {
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get hasMagic(): boolean {
    return this.#bytes.readUInt32LE(24) === MAGIC
  }

  /** Whether lmdb would read the file as Weir wrote it. Weir gives the main database no flags. */
  get isSound(): boolean {
    const [version, pageSize] = [28, 48].map((at) => this.#bytes.readUInt32LE(at))
    const [kind, freeFlags = 0, mainFlags] = [18, 52, 100].map((at) => this.#bytes.readUInt16LE(at))
    return (
      kind === META &&
      version === DATA_VERSION &&
      pageSize === PAGE_BYTES &&
      (freeFlags & (DATABASE_FLAGS | ENCRYPTED)) === INTEGER_KEY &&
      mainFlags === 0 &&
      this.lastPage < this.#number(40) / PAGE_BYTES &&
      isPossible(this.freeList) &&
      isPossible(this.main)
    )
  }

  /** The transaction that wrote the page. */
  get txnid(): bigint {
    return this.#bytes.readBigUInt64LE(152)
  }

  /** The number of the last page that was ever used. The file may end earlier if the last pages are free. */
  get lastPage(): number {
    return this.#number(144)
  }

  get freeList(): Tree {
    return this.#tree(48)
  }

  get main(): Tree {
    return this.#tree(96)
  }

  #tree(at: number): Tree {
    const root = this.#bytes.readBigUInt64LE(at + 40)
    return { root: root === NO_ROOT ? null : Number(root), depth: this.#bytes.readUInt16LE(at + 6) }
  }

  #number(at: number): number {
    return Number(this.#bytes.readBigUInt64LE(at))
  }
}

function isPossible({ root, depth }: Tree): boolean {
  return root === null ? depth === 0 : depth > 0 && depth <= MAX_DEPTH
}
