import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entryId } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import { HEADER_BYTES, segmentName } from '../../src/embedded/journal/segment.ts'
import { open } from '../support/journal.ts'
import { append, keepEach, nth, series } from '../support/journal-series.ts'
import { MemoryDisk } from '../support/memory-disk.ts'
import { systemError, watchedFiles } from '../support/watched-files.ts'

const DIRECTORY = '/journal'
/** The size of a sector of `MemoryDisk`. */
const SECTOR_BYTES = 512
const NO_FAULTS = { fails: () => false, survives: () => true }

/** The files of a process. All operations fail after `end`. */
function process(disk: MemoryDisk): { files: ReturnType<typeof watchedFiles>; end(): void } {
  let isOver = false
  const files = watchedFiles(() => {
    if (isOver) throw systemError('EIO')
  }, disk)
  return {
    files,
    end: () => {
      isOver = true
    }
  }
}

function padded(n: number, padding: number): Change[] {
  return [
    {
      kind: 'appended',
      stream: 'orders',
      entries: [{ id: entryId(1, n), fields: Buffer.alloc(padding, 'x') }]
    }
  ]
}

/** A journal with one record, and three more in one flush. The first of these ends at the end of a sector. */
async function twoFlushes(disk: MemoryDisk): Promise<{ at: number; second: Change[]; end(): void }> {
  for (let padding = 400; ; padding += 8) {
    const trial = process(new MemoryDisk())
    const probe = await open({ directory: DIRECTORY, files: trial.files, segmentBytes: 1 << 16 })
    await keepEach(probe.journal, [nth(1)])
    const end = HEADER_BYTES + (await append(probe.journal, padded(2, padding)))
    trial.end()
    if (end % SECTOR_BYTES !== 0) continue
    const found = process(disk)
    const { journal } = await open({
      directory: DIRECTORY,
      files: found.files,
      fsync: 'everysec',
      segmentBytes: 1 << 16
    })
    const [at = 0] = await keepEach(journal, [nth(1)])
    const second = padded(2, padding)
    for (const changes of [second, nth(3), nth(4)]) await append(journal, changes)
    await journal.kept(journal.position)
    return { at, second, end: found.end }
  }
}

it('a torn tail does not come back if the sync fails that was to cut it off', async () => {
  const disk = new MemoryDisk()
  const { at, second, end } = await twoFlushes(disk)
  end()
  disk.powerFailure(() => true)
  // The second flush has lost its commit marker, but none of its records.
  const file = await disk.open(join(DIRECTORY, segmentName(0)))
  await file.write(Buffer.alloc(24), HEADER_BYTES + at)
  await file.sync()

  disk.faults = { fails: () => true, survives: () => false }
  await expect(open({ directory: DIRECTORY, files: disk })).rejects.toThrow('EIO')
  disk.faults = NO_FAULTS

  const next = process(disk)
  const again = await open({ directory: DIRECTORY, files: next.files, segmentBytes: 1 << 16 })
  expect(again.replayed).toEqual([nth(1)])
  // The new record is as long as the one it replaces. The records after the old one must not follow the new one.
  await keepEach(again.journal, [second])
  next.end()
  disk.powerFailure(() => false)
  expect((await open({ directory: DIRECTORY, files: disk })).replayed).toEqual([nth(1), second])
})

it('answered records that a failed sync has lost are cut off and reported, and the journal can be opened', async () => {
  const disk = new MemoryDisk()
  const { journal } = await open({
    directory: DIRECTORY,
    files: disk,
    fsync: 'everysec',
    segmentBytes: 1 << 16
  })
  // The records take several sectors. Each is in a flush of its own.
  await keepEach(journal, series(1, 60))
  let sectors = 0
  disk.faults = { fails: () => true, survives: () => sectors++ !== 3 }
  await expect(journal.sync(journal.position)).rejects.toMatchObject({ code: 'storage-failed' })
  await journal.close()
  disk.faults = NO_FAULTS
  disk.evict(() => false)
  const { replayed, recovery } = await open({ directory: DIRECTORY, files: disk })
  expect(replayed.length).toBeGreaterThan(0)
  expect(replayed).toEqual(series(1, replayed.length))
  expect(recovery.cut).toMatchObject({ mayBeAnswered: true })
  expect(recovery.cut?.records).toBeGreaterThan(0)
})
