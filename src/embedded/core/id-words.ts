import { type EntryId, entryId } from '../../contract/entry-id.ts'

/*
 * Ids in flat arrays, each in four words of 32 bits: compared without making any integer that the garbage collector
 * would have to take away again. Both halves stand as little-endian integers, `ms` before `seq`.
 */

/** Words of an id. */
export const WORDS = 4

const halves = new BigUint64Array(2)
const words = new Uint32Array(halves.buffer)

/** The id that begins at a word. */
export function idOf(ids: Uint32Array, at: number): EntryId {
  words[0] = ids[at] as number
  words[1] = ids[at + 1] as number
  words[2] = ids[at + 2] as number
  words[3] = ids[at + 3] as number
  return entryId(halves[0] as bigint, halves[1] as bigint)
}

export function setWords(ids: Uint32Array, at: number, id: EntryId): void {
  halves[0] = id >> 64n
  halves[1] = id
  ids[at] = words[0] as number
  ids[at + 1] = words[1] as number
  ids[at + 2] = words[2] as number
  ids[at + 3] = words[3] as number
}

/** The milliseconds of the id that begins at a word, as near as a double comes: never lower than those of a lower id. */
export function msAt(ids: Uint32Array, at: number): number {
  return (ids[at + 1] as number) * 2 ** 32 + (ids[at] as number)
}

/** Below 0 when the id at `aAt` of the one array comes before that at `bAt` of the other, 0 when it is the same. */
export function compareWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  return (
    (a[aAt + 1] as number) - (b[bAt + 1] as number) ||
    (a[aAt] as number) - (b[bAt] as number) ||
    (a[aAt + 3] as number) - (b[bAt + 3] as number) ||
    (a[aAt + 2] as number) - (b[bAt + 2] as number)
  )
}

/** The bytes where an array of words can begin: a copy, unless they stand at such a place already. */
export function alignedToWords(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
}
