import { createHash } from 'node:crypto'
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask } from './support/http.ts'
import { damageFreeList } from './support/store-pages.ts'
import { run, startWeir, temporaryDirectory, weirForTest } from './support/weir.ts'

const ORDERS = '/v1/streams/orders'

/** A directory with 400 entries and 10 pending ones in the store, and one more entry only in the journal. */
async function dataDirectory(): Promise<string> {
  const directory = await temporaryDirectory()
  const first = await startWeir({ WEIR_DATA_DIR: directory })
  const entries = Array.from({ length: 400 }, (_, n) => ({ fields: { n: `${n}` } }))
  await ask('POST', `${first.url}${ORDERS}/entries`, { entries })
  await ask('PUT', `${first.url}${ORDERS}/groups/billing`)
  await ask('POST', `${first.url}${ORDERS}/groups/billing/read`, { consumer: 'ann', count: 10 })
  await first.stop()
  const second = await startWeir({ WEIR_DATA_DIR: directory })
  await ask('POST', `${second.url}${ORDERS}/entries`, { entries: [{ fields: { item: 'book' } }] })
  await second.stop('SIGKILL')
  return directory
}

/** The hashes of all files except the one in which LMDB counts its readers. */
async function digests(directory: string): Promise<string[]> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((item) =>
    item.isFile()
  )
  const hashed = files.filter(({ name }) => name !== 'store.mdb-lock')
  const digest = async (file: string) =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
  return Promise.all(
    hashed.map(async ({ parentPath, name }) => `${name} ${await digest(join(parentPath, name))}`)
  )
}

async function lastSegment(directory: string): Promise<string> {
  const [segment = ''] = (await readdir(join(directory, 'journal'))).sort()
  return join(directory, 'journal', segment)
}

describe('weir check', () => {
  it('reports what a sound directory contains and what a start would do, and changes nothing', async () => {
    const directory = await dataDirectory()
    const before = await digests(directory)
    const { code, stdout } = await run(['check', directory])
    expect(stdout.split('\n')).toEqual([
      `${directory} is sound.`,
      'It contains 1 streams with 401 entries, and 1 groups with 10 pending entries.',
      expect.stringMatching(/^The store has a checkpoint at journal position \d+ and 4 blocks of entries\.$/),
      expect.stringMatching(/^A start would read 1 records \(\d+ bytes\) from the journal\.$/),
      ''
    ])
    expect(code).toBe(0)
    expect(await digests(directory)).toEqual(before)
  })

  it('reports an incomplete flush that a crash left, and does not cut it off', async () => {
    const directory = await dataDirectory()
    const file = await lastSegment(directory)
    const journal = await readFile(file)
    // Damages the last record, whose CRC is then wrong. No marker after it states that it was durable.
    journal.fill(0, journal.indexOf('"book"'), journal.indexOf('"book"') + 6)
    await writeFile(file, journal)
    const before = await digests(directory)
    const { code, stdout } = await run(['check', directory])
    expect(stdout).toContain('1 streams with 400 entries')
    expect(stdout).toMatch(
      /A start would read 0 records .*, and cut off \d+ bytes that a crash left incomplete, in /
    )
    expect(stdout).toContain(file)
    expect(code).toBe(0)
    expect(await digests(directory)).toEqual(before)
  })

  it('reports where a journal is damaged', async () => {
    const directory = await dataDirectory()
    const file = await lastSegment(directory)
    const journal = await readFile(file)
    journal.writeUInt8(journal.readUInt8(8) + 1, 8)
    await writeFile(file, journal)
    const { code, stderr } = await run(['check', directory])
    expect(stderr).toMatch(/^weir: .*\n$/)
    expect(stderr).toContain(file)
    expect(code).toBe(1)
  })

  it('reports a store file that is not a store', async () => {
    const directory = await dataDirectory()
    await writeFile(join(directory, 'store.mdb'), 'something else')
    const { code, stderr } = await run(['check', directory])
    expect(stderr).toMatch(/^weir: The store .* cannot be read: it is not a store/)
    expect(code).toBe(1)
  })

  it('reports that the end of a store is missing, as does a start', async () => {
    const directory = await dataDirectory()
    const file = join(directory, 'store.mdb')
    const { size } = await stat(file)
    await truncate(file, size / 2)
    const why = /^weir: The store .*store\.mdb cannot be read: it ends before page \d+\n$/
    expect(await run(['check', directory])).toMatchObject({ code: 1, stderr: expect.stringMatching(why) })
    await expect(startWeir({ WEIR_DATA_DIR: directory })).rejects.toThrow(
      /exited with 1 .* it ends before page/
    )
  })

  it('treats an empty store file as a store without a checkpoint', async () => {
    const directory = await temporaryDirectory()
    const { url, stop } = await startWeir({ WEIR_DATA_DIR: directory })
    await ask('POST', `${url}${ORDERS}/entries`, { entries: [{ fields: { item: 'book' } }] })
    await stop('SIGKILL')
    await truncate(join(directory, 'store.mdb'))
    const { code, stdout } = await run(['check', directory])
    expect(stdout).toContain('It contains 1 streams with 1 entries')
    expect(stdout).toContain('The store has no checkpoint')
    expect(code).toBe(0)
  })

  it('finds a flipped bit in the store', async () => {
    const directory = await dataDirectory()
    const file = join(directory, 'store.mdb')
    const store = await readFile(file)
    const at = store.indexOf('{"n":"200"}')
    store.writeUInt8(store.readUInt8(at) ^ 1, at)
    await writeFile(file, store)
    const { code, stderr } = await run(['check', directory])
    expect(stderr).toMatch(/^weir: Stream "orders" has damaged entries: [\d-]+ to [\d-]+\n$/)
    expect(code).toBe(1)
  })

  it('finds a page in use in the list of free pages, where the next checkpoint would write', async () => {
    const directory = await dataDirectory()
    // One more checkpoint, which frees pages of the one before.
    const { stop } = await startWeir({ WEIR_DATA_DIR: directory })
    await stop()
    await damageFreeList(join(directory, 'store.mdb'), ({ root }) => root)
    const { code, stderr } = await run(['check', directory])
    expect(stderr).toMatch(
      /^weir: The store .* cannot be written: its list of free pages contains page \d+, which is in use\n$/
    )
    expect(code).toBe(1)
  })

  it('reports that a directory is in use, or is not a data directory', async () => {
    const directory = await temporaryDirectory()
    const { process } = await weirForTest({ WEIR_DATA_DIR: directory })
    const inUse = await run(['check', directory])
    expect(inUse).toMatchObject({ code: 1, stdout: '' })
    expect(inUse.stderr).toContain(`another process (pid ${process.pid}, `)
    const other = await temporaryDirectory()
    expect(await run(['check', other])).toMatchObject({
      code: 1,
      stderr: `weir: ${other} is not a data directory\n`
    })
    expect(await digests(other)).toEqual([])
  })
})
