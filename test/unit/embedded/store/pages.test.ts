import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFailed } from 'vitest'
import { EngineError } from '../../../../src/contract/errors.ts'
import { checkPages, PAGE_BYTES, refuseCutShort } from '../../../../src/embedded/store/pages.ts'
import { StoreFile } from '../../../../src/embedded/store/store-file.ts'
import { Random } from '../../../support/random.ts'
import { temporaryMemory } from '../../../support/weir.ts'

/** Keys and values as texts, because `toEqual` compares buffers byte by byte, which is slow. */
type Contents = Map<string, string>

/** Creates a store by putting and removing keys of all lengths, with values of up to a few pages, in a few transactions. */
async function randomStore(file: string, random: Random): Promise<Contents> {
  const contents: Contents = new Map()
  const store = StoreFile.open(file, false)
  for (let transactions = random.integer(1, 6); transactions > 0; transactions--) {
    await store.transaction(async () => {
      for (let changes = random.integer(1, 200); changes > 0; changes--) {
        const key = Buffer.alloc(random.integer(1, 30), random.integer(0, 60))
        const value = Buffer.alloc(random.integer(0, random.oneOf(50, 1000, 20_000)), changes)
        if (random.once(4)) {
          store.remove(key)
          contents.delete(textOf(key))
        } else {
          store.put(key, value)
          contents.set(textOf(key), textOf(value))
        }
      }
    })
  }
  await store.close()
  return contents
}

/** Throws storage-failed, or an error of lmdb, if any part of the store cannot be read. */
async function contentsOf(file: string): Promise<Contents> {
  const store = StoreFile.open(file, true)
  try {
    return new Map([...store.range({})].map(({ key, value }) => [textOf(key), textOf(value)]))
  } finally {
    await store.close()
  }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('latin1')
}

/** Puts a value that is so long that it goes to the end of the file, and removes it. Its pages are then free. */
async function freePagesAtTheEnd(file: string): Promise<void> {
  const store = StoreFile.open(file, false)
  const key = Buffer.from('long')
  await store.transaction(async () => store.put(key, Buffer.alloc(1 << 20)))
  await store.transaction(async () => store.remove(key))
  await store.close()
}

/** Why a file is refused, or null if it is not. */
function refusal(check: (file: string) => void, file: string): string | null {
  try {
    check(file)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError)
    return (error as EngineError).message
  }
}

/** Random numbers with a new seed in each run. A test that fails prints the seed. */
function newRandom(): Random {
  const seed = Math.floor(Math.random() * 2 ** 31)
  onTestFailed(() => {
    process.stderr.write(`With seed ${seed}\n`)
  })
  return new Random(seed)
}

describe('the pages of a store', () => {
  it('pass the check after any transactions', async () => {
    const random = newRandom()
    for (let n = 0; n < 100; n++) {
      const file = join(await temporaryMemory(), 'store.mdb')
      const contents = await randomStore(file, random)
      checkPages(file)
      expect(await contentsOf(file)).toEqual(contents)
    }
  })

  it('may be missing at the end only if they are free', async () => {
    const outcomes = { refused: 0, whole: 0 }
    for (let n = 0; n < 4; n++) {
      const file = join(await temporaryMemory(), 'store.mdb')
      const contents = await randomStore(file, new Random(n))
      await freePagesAtTheEnd(file)
      for (let pages = statSync(file).size / PAGE_BYTES - 1; pages >= 2; pages--) {
        truncateSync(file, pages * PAGE_BYTES)
        const reason = refusal(refuseCutShort, file)
        if (reason === null) expect(await contentsOf(file)).toEqual(contents)
        else expect(reason).toMatch(/^The store .* cannot be read: it ends before page \d+$/)
        outcomes[reason === null ? 'whole' : 'refused']++
      }
    }
    expect(outcomes.refused).toBeGreaterThan(0)
    expect(outcomes.whole).toBeGreaterThan(0)
  })

  it('are refused if reading them would make lmdb end the process', async () => {
    const file = join(await temporaryMemory(), 'store.mdb')
    await randomStore(file, new Random(6))
    const bytes = readFileSync(file)
    const random = newRandom()
    const outcomes = { refused: 0, unreadable: 0, whole: 0 }
    for (let n = 0; n < 1000; n++) {
      const copy = Buffer.from(bytes)
      // A bit near the start of a page, where its header and its references to other pages are.
      const at = random.integer(0, bytes.length / PAGE_BYTES - 1) * PAGE_BYTES + random.integer(0, 200)
      copy.writeUInt8(copy.readUInt8(at) ^ (1 << random.integer(0, 7)), at)
      writeFileSync(file, copy)
      if (refusal(checkPages, file) !== null) outcomes.refused++
      else
        await contentsOf(file).then(
          () => outcomes.whole++,
          () => outcomes.unreadable++
        )
    }
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0)
  })
})
