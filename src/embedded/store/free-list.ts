/*
 * The free list, a database of lmdb. It has a list of pages (MDB_IDL in the midl.c of the lmdb that page.ts
 * names) for each transaction that freed some:
 *
 *     key       txnid u64
 *     value     length u64 │ that many i64: a page │ -n, then the first of n pages │ 0, which means nothing
 *
 * Later transactions write to these pages.
 */
const WORD_BYTES = 8

/** Consecutive free pages. */
export interface FreeRun {
  readonly first: number
  readonly pages: number
}

/** The contents of a value of the free list; null if the end of the list is missing. */
export function freeRuns(value: Buffer): FreeRun[] | null {
  const words: number[] = []
  for (let at = 0; at + WORD_BYTES <= value.length; at += WORD_BYTES)
    words.push(Number(value.readBigInt64LE(at)))
  const [length = -1, ...list] = words
  if (length < 0 || length > list.length) return null
  const runs: FreeRun[] = []
  for (let n = 0; n < length; n++) {
    const word = list[n] ?? 0
    if (word > 0) runs.push({ first: word, pages: 1 })
    // Page 0 is never free.
    else if (word < 0) runs.push({ first: list[++n] ?? 0, pages: -word })
  }
  return runs
}

/** The transaction in a key of the free list; null if the key is none. */
export function transactionOf(key: Buffer): bigint | null {
  return key.length === WORD_BYTES ? key.readBigUInt64LE(0) : null
}
