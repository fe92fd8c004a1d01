import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { STORE_FILE } from '../../src/embedded/store/store.ts'
import { CHECKSUM_BYTES, StoreFile } from '../../src/embedded/store/store-file.ts'

/** Finds a byte in a stored block. `value` is the block without its checksum. */
export type FindByte = (value: Buffer) => number

/** A byte in the fields of the first entry. */
export const inFields: FindByte = (value) => value.indexOf('{"n":')

/** A byte in the ids, where the second id begins. */
export const inIds: FindByte = (value) => {
  const first = value.subarray(value.indexOf('{"n":') - 200)
  return value.length - first.length
}

/** Flips a bit of each of these bytes in the nth block of a store that is not open. */
export async function flipBits(directory: string, nth: number, ...targets: FindByte[]): Promise<void> {
  const file = join(directory, STORE_FILE)
  const store = StoreFile.open(file, true)
  const blocks = [...store.stored({ start: Buffer.from([4]), end: Buffer.from([5]) })]
  const stored = blocks[nth]?.value ?? Buffer.alloc(0)
  const value = Buffer.from(stored.subarray(0, -CHECKSUM_BYTES))
  await store.close()
  const bytes = await readFile(file)
  const at = bytes.indexOf(value)
  if (value.length === 0 || at < 0) throw new Error(`The store has no block ${nth}`)
  for (const target of targets) {
    const offset = at + target(value)
    bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset)
  }
  await writeFile(file, bytes)
}

/** A byte in each of the two summaries. If both are damaged, nothing is left of what they contain. */
export const inSummaries: FindByte[] = [(_value) => 8, (value) => value.length - 8]
