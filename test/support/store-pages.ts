import { readFile, writeFile } from 'node:fs/promises'
import { freeRuns } from '../../src/embedded/store/free-list.ts'
import { MetaPage } from '../../src/embedded/store/meta-page.ts'
import { PAGE_BYTES, Page } from '../../src/embedded/store/page.ts'

/** Page numbers of a store. */
export interface PageNumbers {
  /** The root of the tree of keys. */
  readonly root: number
  /** The pages that the list of free pages contains as runs of one page. */
  readonly free: readonly number[]
}

/** Replaces the first page of `free` in the list of free pages of a store that is not open. */
export async function damageFreeList(
  file: string,
  replacement: (pages: PageNumbers) => number
): Promise<void> {
  const bytes = await readFile(file)
  const { freeList, main } = currentMetaPage(bytes)
  const nodes = new Page(pageAt(bytes, freeList.root ?? 0)).leafNodes() ?? []
  const lists = nodes.flatMap(({ value }) => (Buffer.isBuffer(value) ? [value] : []))
  const runs = lists.flatMap((list) => freeRuns(list) ?? [])
  const free = runs.flatMap(({ first, pages }) => (pages === 1 ? [first] : []))
  if (free[0] === undefined) throw new Error(`${file} has no list of single free pages`)
  const page = BigInt(replacement({ root: main.root ?? 0, free }))
  for (const list of lists) {
    // The first word is the length of the list.
    for (let at = WORD_BYTES; at < list.length; at += WORD_BYTES) {
      if (list.readBigInt64LE(at) === BigInt(free[0])) list.writeBigInt64LE(page, at)
    }
  }
  await writeFile(file, bytes)
}

const WORD_BYTES = 8

/** Returns the meta page of the last commit to a store. */
export function currentMetaPage(bytes: Buffer): MetaPage {
  const [first, second] = [new MetaPage(pageAt(bytes, 0)), new MetaPage(pageAt(bytes, 1))]
  return second.txnid > first.txnid ? second : first
}

/** Returns a page of a store, as a part of its bytes. */
export function pageAt(bytes: Buffer, number: number): Buffer {
  return bytes.subarray(number * PAGE_BYTES, (number + 1) * PAGE_BYTES)
}
