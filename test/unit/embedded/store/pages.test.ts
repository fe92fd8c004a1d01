import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFailed } from 'vitest'
import { EngineError } from '../../../../src/contract/errors.ts'
import { META_PAGES } from '../../../../src/embedded/store/meta-page.ts'
import { PAGE_BYTES, Page } from '../../../../src/embedded/store/page.ts'
import { checkPages, refuseCutShort } from '../../../../src/embedded/store/pages.ts'
import { StoreFile } from '../../../../src/embedded/store/store-file.ts'
import { Random } from '../../../support/random.ts'
import { currentMetaPage, damageFreeList, type PageNumbers, pageAt } from '../../../support/store-pages.ts'
import { temporaryMemory } from '../../../support/weir.ts'

/** Keys and values as texts, because `toEqual` compares buffers byte by byte, which is slow. */
type Contents = Map<string, string>

/** Puts and removes keys of all lengths, with values of up to a few pages, in a few transactions. */
async function change(
  store: StoreFile,
  contents: Contents,
  random: Random,
  transactions = random.integer(1, 6)
): Promise<void> {
  for (let n = 0; n < transactions; n++) {
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
}

/** Creates a store by such changes. */
async function randomStore(file: string, random: Random): Promise<Contents> {
  const contents: Contents = new Map()
  const store = StoreFile.open(file, false)
  await change(store, contents, random)
  await store.close()
  return contents
}

/**
 * Returns what a walk over the keys finds, after looking up each key again. Throws storage-failed, or an error
 * of lmdb, if any part of the store cannot be read.
 */
function contentsOf(store: StoreFile): Contents {
  const contents: Contents = new Map()
  for (const { key, value } of store.range({})) contents.set(textOf(key), textOf(value))
  const lost = [...contents].filter(([key, value]) => textOf(store.get(bytesOf(key)) ?? NOTHING) !== value)
  expect(lost).toEqual([])
  return contents
}

async function readContents(file: string): Promise<Contents> {
  const store = StoreFile.open(file, true)
  try {
    return contentsOf(store)
  } finally {
    await store.close()
  }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('latin1')
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

const NOTHING = Buffer.from('nothing')

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
      expect(await readContents(file)).toEqual(contents)
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
        if (reason === null) expect(await readContents(file)).toEqual(contents)
        else expect(reason).toMatch(/^The store .* cannot be read: it ends before page \d+$/)
        outcomes[reason === null ? 'whole' : 'refused']++
      }
    }
    expect(outcomes.refused).toBeGreaterThan(0)
    expect(outcomes.whole).toBeGreaterThan(0)
  })
})

describe('a damaged page of a store', () => {
  it('is refused, or every value is there or known to be damaged, now and after further transactions', async () => {
    const file = join(await temporaryMemory(), 'store.mdb')
    const contents = await randomStore(file, new Random(6))
    const bytes = readFileSync(file)
    const random = newRandom()
    const outcomes = { refused: 0, unreadable: 0, whole: 0 }
    for (let n = 0; n < 300; n++) {
      writeFileSync(file, withFlippedBit(bytes, random))
      const outcome = refusal(checkPages, file) === null ? await use(file, contents, random) : 'refused'
      outcomes[outcome]++
    }
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0)
  })

  it('is refused if it hides a key', async () => {
    const file = join(await temporaryMemory(), 'store.mdb')
    await randomStore(file, new Random(6))
    const bytes = readFileSync(file)
    const keys = branchKeys(bytes)
    expect(keys.length).toBeGreaterThan(1)
    for (const key of keys) {
      for (const wrong of [0, 0xff]) {
        const before = Buffer.from(key)
        key.fill(wrong)
        writeFileSync(file, bytes)
        expect(refusal(checkPages, file)).toMatch(/: page \d+ or a reference to it is damaged$/)
        before.copy(key)
      }
    }
  })

  it.each([
    ['a page in use', ({ root }: PageNumbers) => root, /page \d+, which is in use$/],
    ['a page twice', ({ free }: PageNumbers) => free[1] ?? 0, /page \d+ twice$/],
    ['a meta page', () => 1, /page 1, which cannot be free$/],
    ['a page beyond the last one', () => 1_000_000, /page 1000000, which cannot be free$/]
  ])('is refused if it is in the list of free pages, and lists %s', async (_what, replacement, reason) => {
    const file = join(await temporaryMemory(), 'store.mdb')
    await randomStore(file, new Random(6))
    await damageFreeList(file, replacement)
    expect(refusal(checkPages, file)).toMatch(reason)
  })
})

/**
 * Flips a bit anywhere but in the txnid of a meta page. A wrong txnid can make an earlier commit the current one,
 * which is sound, too. Only the journal shows that it is too old.
 */
function withFlippedBit(bytes: Buffer, random: Random): Buffer {
  const damaged = Buffer.from(bytes)
  const page = random.integer(0, bytes.length / PAGE_BYTES - 1)
  // Most of what lmdb relies on is at the start of a page.
  const place = random.integer(0, random.oneOf(200, PAGE_BYTES - 1))
  if (page < META_PAGES && place >= 152 && place < 160) return withFlippedBit(bytes, random)
  const at = page * PAGE_BYTES + place
  damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << random.integer(0, 7)), at)
  return damaged
}

/** Reads a store that passed the check. If nothing is missing, changes it and reads it again. */
async function use(file: string, contents: Contents, random: Random): Promise<'unreadable' | 'whole'> {
  const read = await readContents(file).catch((error: unknown) => {
    expect(error).toBeInstanceOf(EngineError)
    return null
  })
  if (read === null) return 'unreadable'
  expect(read).toEqual(contents)
  const store = StoreFile.open(file, false)
  // Pages that one transaction frees are used again by later ones.
  await change(store, read, random, 3)
  await store.close()
  checkPages(file)
  expect(await readContents(file)).toEqual(read)
  return 'whole'
}

/** Returns the keys that the root of a store has for its children, as parts of its bytes. */
function branchKeys(bytes: Buffer): Buffer[] {
  const { main } = currentMetaPage(bytes)
  const nodes = new Page(pageAt(bytes, main.root ?? 0)).branchNodes() ?? []
  return nodes.slice(1).map(({ key }) => key)
}
