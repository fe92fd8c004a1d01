import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import { UNFINISHED } from '../../src/embedded/journal/segment.ts'
import { open } from '../support/journal.ts'
import { keepEach, nth, series } from '../support/journal-series.ts'
import { watchedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

describe('segments', () => {
  it('follow one another without a gap, and no record is split between two of them', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 100))
    const segments = journal.segments()
    expect(segments.length).toBeGreaterThan(5)
    expect(segments.map(({ base }) => base)).toEqual([0, ...segments.slice(0, -1).map(({ end }) => end)])
    await journal.close()
    const { replayed, recovery } = await open({ directory })
    expect(replayed).toEqual(series(1, 100))
    expect(recovery.segments).toBeGreaterThan(5)
  })

  it('share a flush that is larger than one of them', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory, reserveBytes: 8192 })
    const waits = []
    for (const changes of series(1, 60)) waits.push(journal.kept(journal.append(changes)))
    await Promise.all(waits)
    await journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, 60))
  })

  it('are made larger for a record that does not fit into one', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    const fields = Buffer.alloc(20_000, 'x')
    const large: Change[] = [
      { kind: 'appended', stream: 'orders', entries: [{ id: entryId(2000, 0), fields }] }
    ]
    await keepEach(journal, [nth(1), large, nth(2)])
    await journal.close()
    expect((await open({ directory })).replayed).toEqual([nth(1), large, nth(2)])
  })

  it('can be read by a journal with another segment size', async () => {
    const directory = await temporaryDirectory()
    const small = await open({ directory })
    await keepEach(small.journal, series(1, 30))
    await small.journal.close()
    const large = await open({ directory, segmentBytes: 1 << 20 })
    await keepEach(large.journal, series(31, 60))
    await large.journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, 60))
  })

  it('are created before they are needed, so that a flush creates and renames no file', async () => {
    const seen = new Set<string>()
    const { journal } = await open({
      directory: await temporaryDirectory(),
      segmentBytes: 1 << 20,
      files: watchedFiles(({ kind }) => void seen.add(kind))
    })
    seen.clear()
    await keepEach(journal, series(1, 50))
    expect([...seen].sort()).toEqual(['sync', 'write'])
  })

  it('before a released position are deleted, and a replay starts at the position that it is given', async () => {
    const directory = await temporaryDirectory()
    const first = await open({ directory })
    const positions = await keepEach(first.journal, series(1, 100))
    const from = positions[49] ?? 0
    await first.journal.release(from)
    expect(first.journal.segments()[0]).toMatchObject({
      base: expect.toSatisfy((base) => base > 0 && base <= from)
    })
    await first.journal.close()
    const second = await open({ directory, from })
    expect(second.replayed).toEqual(series(51, 100))
    await second.journal.close()
    await expect(open({ directory, from: 0 })).rejects.toThrow('no segment with position 0')
    await expect(open({ directory, from: 2 ** 40 })).rejects.toThrow(`no segment with position ${2 ** 40}`)
  })

  it('stay while the journal is held, and are deleted once it is not', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    const letGo = [journal.hold(), journal.hold()]
    await keepEach(journal, series(1, 100))
    for (const release of letGo) {
      await journal.release(journal.position)
      expect(journal.segments()[0]).toMatchObject({ base: 0 })
      release()
    }
    await journal.release(journal.position)
    expect(journal.segments()[0]?.base).toBeGreaterThan(0)
  })

  it('are not deleted by a release while they are being written', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 10))
    await journal.release(2 ** 40)
    await keepEach(journal, series(11, 20))
    const { position } = journal
    await journal.close()
    expect((await open({ directory, from: position })).replayed).toEqual([])
  })

  it('that were left unfinished are created again', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 10))
    await journal.close()
    await writeFile(join(directory, UNFINISHED), Buffer.alloc(5000))
    const second = await open({ directory })
    expect(second.replayed).toEqual(series(1, 10))
    expect(await readdir(directory)).not.toContain(UNFINISHED)
    await keepEach(second.journal, series(11, 60))
    await second.journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, 60))
  })
})

describe('the directory of a journal', () => {
  it('is created with its parents, and only its owner can access it', async () => {
    const directory = join(await temporaryDirectory(), 'var', 'weir')
    await open({ directory })
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    for (const name of await readdir(directory)) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600)
    }
  })

  it('with a segment of a newer format is refused with the file and both versions', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await journal.close()
    const file = join(directory, '0000000000000000.journal')
    const bytes = await readFile(file)
    bytes.writeUInt32LE(4, 8)
    await writeFile(file, bytes)
    await expect(open({ directory })).rejects.toMatchObject({
      code: 'storage-failed',
      message: `${file} has journal format 4, but this version of Weir only reads formats up to 3: start the newer Weir that wrote it`
    })
  })
})
