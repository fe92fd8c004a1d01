import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { STORE_FILE } from '../../src/embedded/store/store.ts'
import { CHECKSUM_BYTES, StoreFile } from '../../src/embedded/store/store-file.ts'

/** Where in a stored block, without the checksum behind it. */
export type FindByte = (value: Buffer) => number

/** Of the entries' fields. */
export const inFields: FindByte = (value) => value.indexOf('{"n":')

/** Of the entries' ids: where the second one of them begins. */
export const inIds: FindByte = (value) => {
  const first = value.subarray(value.indexOf('{"n":') - 200)
  return value.length - first.length
}

/** Flips a bit at each place of the nth block in a store that nobody has open. */
export async function flipBits(directory: string, nth: number, ...places: FindByte[]): Promise<void> {
  const file = join(directory, STORE_FILE)
  const store = StoreFile.open(file, true)
  const blocks = [...store.stored({ start: Buffer.from([4]), end: Buffer.from([5]) })]
  const stored = blocks[nth]?.value ?? Buffer.alloc(0)
  const value = Buffer.from(stored.subarray(0, -CHECKSUM_BYTES))
  await store.close()
  const bytes = await readFile(file)
  const at = bytes.indexOf(value)
  if (value.length === 0 || at < 0) throw new Error(`There is no block ${nth}`)
  for (const place of places) {
    const offset = at + place(value)
    bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset)
  }
  await writeFile(file, bytes)
}

/** Of both summaries, so that nothing is left of what they say. */
export const inSummaries: FindByte[] = [(_value) => 8, (value) => value.length - 8]
