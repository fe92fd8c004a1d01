import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFailed } from 'vitest'
import { EngineError } from '../../../../src/contract/errors.ts'
import { checkPages, PAGE_BYTES, refuseCutShort } from '../../../../src/embedded/store/pages.ts'
import { StoreFile } from '../../../../src/embedded/store/store-file.ts'
import { Random } from '../../../support/random.ts'
import { temporaryMemory } from '../../../support/weir.ts'

/** Keys and values, as text: buffers are compared byte by byte. */
type Contents = Map<string, string>

/** Puts and removes keys of all lengths, with values of up to some pages, in a few transactions. */
async function somehowMade(file: string, random: Random): Promise<Contents> {
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

/** Throws storage-failed, or what lmdb throws, when something of it cannot be read. */
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

/** Puts a value so long that it goes to the end of the file, and removes it: where it was, nothing is needed any more. */
async function makeRoomAtTheEnd(file: string): Promise<void> {
  const store = StoreFile.open(file, false)
  const key = Buffer.from('long')
  await store.transaction(async () => store.put(key, Buffer.alloc(1 << 20)))
  await store.transaction(async () => store.remove(key))
  await store.close()
}

/** Why a file is refused; null when it is not. */
function refusal(check: (file: string) => void, file: string): string | null {
  try {
    check(file)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError)
    return (error as EngineError).message
  }
}

/** Other numbers each time; a test that fails tells which. */
function anyRandom(): Random {
  const seed = Math.floor(Math.random() * 2 ** 31)
  onTestFailed(() => {
    process.stderr.write(`With seed ${seed}\n`)
  })
  return new Random(seed)
}

describe('the pages of a store', () => {
  it('are as they must be, however they came about', async () => {
    const random = anyRandom()
    for (let n = 0; n < 100; n++) {
      const file = join(await temporaryMemory(), 'store.mdb')
      const contents = await somehowMade(file, random)
      checkPages(file)
      expect(await contentsOf(file)).toEqual(contents)
    }
  })

  it('may be missing at the end only when they are free', async () => {
    const outcomes = { refused: 0, whole: 0 }
    for (let n = 0; n < 4; n++) {
      const file = join(await temporaryMemory(), 'store.mdb')
      const contents = await somehowMade(file, new Random(n))
      await makeRoomAtTheEnd(file)
      for (let pages = statSync(file).size / PAGE_BYTES - 1; pages >= 2; pages--) {
        truncateSync(file, pages * PAGE_BYTES)
        const why = refusal(refuseCutShort, file)
        if (why === null) expect(await contentsOf(file)).toEqual(contents)
        else expect(why).toMatch(/^The store .* cannot be read: it ends before page \d+$/)
        outcomes[why === null ? 'whole' : 'refused']++
      }
    }
    expect(outcomes.refused).toBeGreaterThan(0)
    expect(outcomes.whole).toBeGreaterThan(0)
  })

  it('are refused when lmdb would end the process over them: nothing that is let through does', async () => {
    const file = join(await temporaryMemory(), 'store.mdb')
    await somehowMade(file, new Random(6))
    const bytes = readFileSync(file)
    const random = anyRandom()
    const outcomes = { refused: 0, unreadable: 0, whole: 0 }
    for (let n = 0; n < 1000; n++) {
      const copy = Buffer.from(bytes)
      // Where pages say what they are, and what leads to others.
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
