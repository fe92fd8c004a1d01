import { type EntryId, entryId } from '../../contract/entry-id.ts'

/*
 * Ids in flat arrays, each as four words of 32 bits. They are compared without allocating bigints, which the
 * garbage collector would have to collect. Both halves are little-endian, `ms` before `seq`.
 */

/** Number of words of an id. */
export const WORDS = 4

const halves = new BigUint64Array(2)
const words = new Uint32Array(halves.buffer)

/** Reads the id that begins at a word. */
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

/** Returns the milliseconds of the id that begins at a word, as a double. Rounding keeps their order. */
export function msAt(ids: Uint32Array, at: number): number {
  return (ids[at + 1] as number) * 2 ** 32 + (ids[at] as number)
}

/**
 * Compares the id at `aAt` in one array with the id at `bAt` in another: negative if it comes before, 0 if
 * they are equal.
 */
export function compareWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  return (
    (a[aAt + 1] as number) - (b[bAt + 1] as number) ||
    (a[aAt] as number) - (b[bAt] as number) ||
    (a[aAt + 3] as number) - (b[bAt + 3] as number) ||
    (a[aAt + 2] as number) - (b[bAt + 2] as number)
  )
}

/** Returns the bytes, aligned so that an array of words can begin there. Copies them only if necessary. */
export function alignedToWords(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
}
