import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { diskFiles } from '../../src/embedded/journal/files.ts'
import { isSegmentName } from '../../src/embedded/journal/segment.ts'
import { open } from '../support/journal.ts'
import { keepEach, nth, series } from '../support/journal-series.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** A copy of a journal of this version. test/support/make-journal-fixture.ts shows what it contains. */
async function fixture(version: number): Promise<string> {
  const directory = await temporaryDirectory()
  await cp(fileURLToPath(new URL(`../fixtures/journal-v${version}`, import.meta.url)), directory, {
    recursive: true
  })
  return directory
}

/** The versions in the headers of the segments. */
async function versionsIn(directory: string): Promise<number[]> {
  const names = (await readdir(directory)).filter(isSegmentName).sort()
  return Promise.all(names.map(async (name) => (await readFile(join(directory, name))).readUInt32LE(8)))
}

describe.each([1, 2, 3])('a journal of format %i', (version) => {
  it('is read completely, and can be continued', async () => {
    const directory = await fixture(version)
    expect(new Set(await versionsIn(directory))).toEqual(new Set([version]))
    const first = await open({ directory })
    expect(first.replayed).toEqual(series(1, 20))
    expect(first.recovery).toMatchObject({ records: 20, cutBytes: 0 })
    await keepEach(first.journal, series(21, 60))
    await first.journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, 60))
  })

  it('is cut at a torn end, and the cut is reported as possibly answered', async () => {
    const torn = await fixture(version)
    const files = { ...diskFiles, boot: async () => 'another boot' }
    const names = (await readdir(torn)).filter(isSegmentName).sort()
    // The last byte of the journal that is not zero belongs to the last record.
    const last = await Promise.all(
      names.map(async (name) => ({ name, bytes: await readFile(join(torn, name)) }))
    ).then((files) => files.findLast(({ bytes }) => bytes.subarray(4096).some(Boolean)))
    if (last === undefined) throw new Error('The fixture has no records')
    last.bytes.writeUInt8(0, last.bytes.findLastIndex(Boolean))
    await writeFile(join(torn, last.name), last.bytes)
    const { replayed, recovery } = await open({ directory: torn, files })
    expect(replayed).toEqual(series(1, 19))
    expect(recovery.cut).toMatchObject({ records: 0, mayBeAnswered: true })
  })
})

describe('a journal of format 1', () => {
  it('gets new segments of format 3 as soon as it is opened, so that an older Weir refuses it', async () => {
    const directory = await fixture(1)
    const { journal } = await open({ directory })
    const [past, ...others] = await versionsIn(directory)
    expect([past, new Set(others)]).toEqual([1, new Set([3])])
    await keepEach(journal, [nth(21)])
    await journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, 21))
  })
})
