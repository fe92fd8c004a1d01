import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { isSegmentName, segmentName } from '../../src/embedded/journal/segment.ts'
import { fieldsJson } from '../support/core.ts'
import { until } from '../support/http.ts'
import { open, SMALL } from '../support/journal.ts'
import { keepEach, series } from '../support/journal-series.ts'
import { systemError, watchedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

const FIRST = segmentName(0)

/** Files whose first segment cannot be deleted until `free` is called. */
function stuckFiles(code: string): { files: ReturnType<typeof watchedFiles>; free(): void } {
  let isStuck = true
  const files = watchedFiles(({ kind, file }) => {
    if (isStuck && kind === 'remove' && file === FIRST) throw systemError(code)
  })
  return {
    files,
    free: () => {
      isStuck = false
    }
  }
}

async function segmentsIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter(isSegmentName).sort()
}

describe('a segment that cannot be deleted', () => {
  it.each(['EPERM', 'EBUSY', 'EIO'])(
    'does not prevent the deletion of others, and is deleted by a later release: %s',
    async (code) => {
      const directory = await temporaryDirectory()
      const onUndeleted = vi.fn()
      const { files, free } = stuckFiles(code)
      const { journal } = await open({ directory, files, onUndeleted })
      const positions = await keepEach(journal, series(1, 60))
      for (const position of [positions[39] ?? 0, journal.position]) {
        await journal.release(position)
        const [first, second] = journal.segments()
        expect([first?.base, journal.undeletedSegments]).toEqual([0, 1])
        expect(second?.end).toBeGreaterThan(position)
        expect(await segmentsIn(directory)).toEqual(journal.segments().map(({ base }) => segmentName(base)))
      }
      expect(onUndeleted).toHaveBeenCalledExactlyOnceWith({
        file: join(directory, FIRST),
        error: expect.objectContaining({ code })
      })
      free()
      await journal.release(journal.position)
      expect(journal.undeletedSegments).toBe(0)
      expect(await segmentsIn(directory)).not.toContain(FIRST)
    }
  )

  it('is ignored if somebody else has deleted it', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 60))
    await rm(join(directory, FIRST))
    await journal.release(journal.position)
    expect(journal.undeletedSegments).toBe(0)
    expect(journal.segments()[0]?.base).toBeGreaterThan(0)
  })

  it('is deleted by the next start without being read', async () => {
    const directory = await temporaryDirectory()
    const { files } = stuckFiles('EPERM')
    const { journal } = await open({ directory, files })
    const positions = await keepEach(journal, series(1, 60))
    const from = positions[49] ?? 0
    await journal.release(from)
    await journal.close()
    // Not even its header has to be valid.
    await truncate(join(directory, FIRST), 10)
    const stuck = await open({ directory, files, from })
    expect(stuck.replayed).toEqual(series(51, 60))
    expect(stuck.journal.undeletedSegments).toBe(1)
    await stuck.journal.close()
    const next = await open({ directory, from })
    expect(next.replayed).toEqual(series(51, 60))
    expect(await segmentsIn(directory)).not.toContain(FIRST)
  })

  it('makes no checkpoint fail, and is reported by the engine', async () => {
    const directory = await temporaryDirectory()
    const { files, free } = stuckFiles('EPERM')
    const checkpoints: (Error | undefined)[] = []
    const engine = await openEmbeddedEngine({
      ...SMALL,
      directory,
      files,
      fsync: 'always',
      maxWaiting: 1,
      everyBytes: 2000,
      everyMs: 3_600_000,
      onCheckpoint: ({ error }) => void checkpoints.push(error)
    })
    onTestFinished(() => engine.close())
    const append = () =>
      engine.appendEntries({
        stream: 'orders',
        createStream: true,
        entries: [{ fields: fieldsJson({ note: 'x'.repeat(500) }) }]
      })
    const statusAfter = (count: number) =>
      until(async () => {
        await append()
        return checkpoints.length >= count ? (await engine.status()).storage : undefined
      })
    expect(await statusAfter(5)).toMatchObject({ undeletedSegments: 1 })
    expect((await engine.status()).storage?.checkpointError).toBe(undefined)
    expect(checkpoints.filter((error) => error !== undefined)).toEqual([])
    expect((await segmentsIn(join(directory, 'journal'))).length).toBeLessThan(10)
    free()
    expect(await statusAfter(checkpoints.length + 2)).toMatchObject({ undeletedSegments: 0 })
  })
})
