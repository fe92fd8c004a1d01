/*
 * The pages of an lmdb file. Their layout is that of mdb.c in LMDB 0.9.90, data format 2, which `lmdb` 3.5
 * for Node contains in dependencies/lmdb/libraries/liblmdb: MDB_page, MDB_node and MDB_ovpage. Numbers are
 * little-endian.
 *
 * Every page begins with a header, except the second and further overflow pages of a value:
 *
 *     0          8           16        18          20          22          24
 *     │ pgno u64 │ txnid u64 │ pad u16 │ flags u16 │ lower u16 │ upper u16 │   branch or leaf page
 *                                                  │ pages u32             │   first overflow page of a value
 *
 * Branch and leaf pages have pointers to their nodes, in the order of the keys. The nodes have even sizes,
 * and fill the end of the page without gaps. Pointers, lower and upper count from the end of the header:
 *
 *     0        24                      24 + lower   24 + upper               4096
 *     │ header │ ptr 0 │ ptr 1 │ ptr 2 │  (unused)  │  node  │  node  │  node  │
 *                  └─────────────────────────────────▲
 *
 *     node of a branch page     child u48 │ ksize u16 │ key
 *     node of a leaf page       dsize u32 │ flags u16 │ ksize u16 │ key │ value
 *
 * A child has the keys at or above the key of its node and below the key of the next node. The key of the
 * first node is not used.
 *
 * A value that is too long for a leaf page has overflow pages, one after the other. The node then has a
 * reference in its place:
 *
 *     MDB_ovpage                pgno u64 │ txnid u64 │ pages u64
 */

export const PAGE_BYTES = 4096
const HEADER_BYTES = 24
const BODY_BYTES = PAGE_BYTES - HEADER_BYTES
const POINTER_BYTES = 2
const NODE_HEADER_BYTES = 8
const REFERENCE_BYTES = 24
/** lmdb copies keys to buffers of this size. */
const MAX_KEY_BYTES = 1978

/** Flags of a page, which has exactly one of them. */
export const BRANCH = 1
export const LEAF = 2
export const OVERFLOW = 4

/** The flag of a leaf node whose value has overflow pages. Weir uses nothing that sets the other flags. */
const BIG_DATA = 1

/** A branch page, a leaf page, or the first overflow page of a value. */
export class Page {
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get number(): number {
    return numberAt(this.#bytes, 0)
  }

  /** The transaction that wrote the page. It has written all pages above this one as well, or a later one has. */
  get txnid(): bigint {
    return this.#bytes.readBigUInt64LE(8)
  }

  get flags(): number {
    return this.#bytes.readUInt16LE(18)
  }

  /** The number of overflow pages, of which this is the first. */
  get pages(): number {
    return this.#bytes.readUInt32LE(20)
  }

  /** The nodes of a branch page in the order of its pointers. Null unless they are laid out as above. */
  branchNodes(): BranchNode[] | null {
    return this.#nodes(branchNode)
  }

  /** The same for a leaf page. */
  leafNodes(): LeafNode[] | null {
    return this.#nodes(leafNode)
  }

  #nodes<N extends Node>(nodeAtStart: (bytes: Buffer) => N | null): N[] | null {
    const [lower, upper] = [this.#bytes.readUInt16LE(20), this.#bytes.readUInt16LE(22)]
    if (lower === 0 || lower % POINTER_BYTES !== 0 || lower > upper || upper > BODY_BYTES) return null
    const body = this.#bytes.subarray(HEADER_BYTES)
    const nodes: N[] = []
    let bytes = 0
    for (let at = 0; at < lower; at += POINTER_BYTES) {
      const pointer = body.readUInt16LE(at)
      const node = pointer < upper ? null : nodeAtStart(body.subarray(pointer))
      if (node === null) return null
      nodes.push(node)
      bytes += node.sizeBytes
    }
    return bytes === BODY_BYTES - upper ? nodes : null
  }
}

interface Node {
  readonly key: Buffer
  /** Its size on the page, which is even. */
  readonly sizeBytes: number
}

export interface BranchNode extends Node {
  readonly child: number
}

export interface LeafNode extends Node {
  readonly value: Buffer | Reference
}

/** Where the overflow pages of a value are. */
export interface Reference {
  readonly page: number
  /** The transaction that wrote them. */
  readonly txnid: bigint
  readonly pages: number
  readonly valueBytes: number
}

/** The node at the start of `bytes`; null if its end is missing. */
function branchNode(bytes: Buffer): BranchNode | null {
  const key = keyOf(bytes)
  return key && { key, child: bytes.readUIntLE(0, 6), sizeBytes: evenSize(key, 0) }
}

/** The same; null also if it has flags that Weir does not use. */
function leafNode(bytes: Buffer): LeafNode | null {
  const key = keyOf(bytes)
  if (key === null) return null
  const [valueBytes, flags] = [bytes.readUInt32LE(0), bytes.readUInt16LE(4)]
  const inLeaf = flags === BIG_DATA ? REFERENCE_BYTES : valueBytes
  const value = bytes.subarray(NODE_HEADER_BYTES + key.length).subarray(0, inLeaf)
  if (value.length < inLeaf || (flags !== BIG_DATA && flags !== 0)) return null
  return { key, value: flags === 0 ? value : reference(value, valueBytes), sizeBytes: evenSize(key, inLeaf) }
}

function keyOf(node: Buffer): Buffer | null {
  if (node.length < NODE_HEADER_BYTES) return null
  const keyBytes = node.readUInt16LE(6)
  const key = node.subarray(NODE_HEADER_BYTES).subarray(0, keyBytes)
  return key.length < keyBytes || keyBytes > MAX_KEY_BYTES ? null : key
}

function reference(bytes: Buffer, valueBytes: number): Reference {
  return { page: numberAt(bytes, 0), txnid: bytes.readBigUInt64LE(8), pages: numberAt(bytes, 16), valueBytes }
}

function evenSize(key: Buffer, valueBytes: number): number {
  const bytes = NODE_HEADER_BYTES + key.length + valueBytes
  return bytes + (bytes % 2)
}

/** Whether a value fits on its overflow pages. */
export function hasRoom({ pages, valueBytes }: Reference): boolean {
  return HEADER_BYTES + valueBytes <= pages * PAGE_BYTES
}

/** The part of overflow pages that is their value. */
export function overflowValue(pages: Buffer, { valueBytes }: Reference): Buffer {
  return pages.subarray(HEADER_BYTES, HEADER_BYTES + valueBytes)
}

function numberAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at))
}
