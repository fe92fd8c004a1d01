import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../../../src/embedded/storage.ts'
import { settleHeads } from '../../../../src/embedded/store/heads.ts'
import { PAGE_BYTES } from '../../../../src/embedded/store/page.ts'
import { StoreFile } from '../../../../src/embedded/store/store-file.ts'
import { MemoryDisk } from '../../../support/memory-disk.ts'
import { watchedFiles } from '../../../support/watched-files.ts'
import { temporaryDirectory } from '../../../support/weir.ts'

const STORE = 'store.mdb'

/** A store with two commits. */
async function store(): Promise<{ directory: string; bytes: Buffer }> {
  const directory = await temporaryDirectory()
  const file = StoreFile.open(join(directory, STORE), false)
  for (const value of ['one', 'two']) {
    await file.transaction(async () => file.put(Buffer.from('key'), Buffer.from(value)))
  }
  await file.close()
  return { directory, bytes: await readFile(join(directory, STORE)) }
}

it('settleHeads makes a head durable that was only in the page cache', async () => {
  const { bytes } = await store()
  const disk = new MemoryDisk()
  const file = await disk.create(STORE)
  await file.write(bytes, 0)
  await file.sync()
  await disk.syncDirectory()
  // The next commit's head, which overwrites the older one.
  const head = Buffer.from(bytes.subarray(0, PAGE_BYTES))
  head.writeBigUInt64LE(99n, 152)
  disk.faults = { fails: () => true, survives: () => false }
  await expect(file.writeThrough(head, 0)).rejects.toThrow('EIO')
  disk.faults = { fails: () => false, survives: () => true }

  await settleHeads(disk, STORE)
  disk.powerFailure(() => false)
  const after = Buffer.alloc(bytes.length)
  await (await disk.open(STORE)).read(after, 0)
  expect(after.equals(Buffer.concat([head, bytes.subarray(PAGE_BYTES)]))).toBe(true)
})

it('a start settles the heads of the store before it reads the journal, and changes nothing', async () => {
  const { directory, bytes } = await store()
  const steps: string[] = []
  const files = watchedFiles(async ({ kind, file }) => {
    steps.push(`${kind} ${file}`)
    if (kind === 'list') expect((await readFile(join(directory, STORE))).equals(bytes)).toBe(true)
  })
  const storage = await openStorage({ directory, files, fsync: 'always' })
  onTestFinished(() => storage.close())
  const indexes = ['write store.mdb', 'sync store.mdb', 'list journal'].map((step) => steps.indexOf(step))
  expect(indexes).not.toContain(-1)
  expect(indexes).toEqual([...indexes].sort((a, b) => a - b))
})
