import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Journal } from '../../src/embedded/journal/journal.ts'
import type { JournalOptions } from '../../src/embedded/journal/options.ts'
import { HEADER_BYTES, UNFINISHED } from '../../src/embedded/journal/segment.ts'
import { type Opened, open } from '../support/journal.ts'
import { append, keepEach, nth, series } from '../support/journal-series.ts'
import { type Operation, systemError, watchedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** Enough bytes for any of the records. */
const ROOM = 200

/** A journal on a disk that fails the operations that `fails` selects, between `breakDisk` and `repairDisk`. */
async function onFailingDisk(
  code: string,
  fails: (operation: Operation) => boolean,
  options: Partial<JournalOptions> = {}
): Promise<Opened & { breakDisk(): void; repairDisk(): void }> {
  let isBroken = false
  const files = watchedFiles((operation) => {
    if (isBroken && fails(operation)) throw systemError(code)
  })
  const directory = await temporaryDirectory()
  const opened = await open({ directory, files, ...options })
  return {
    ...opened,
    breakDisk: () => {
      isBroken = true
    },
    repairDisk: () => {
      isBroken = false
    }
  }
}

/** Appends records until there is no room. Returns the number of the last one. */
async function fill(journal: Journal, from: number, essential: boolean): Promise<number> {
  let n = from
  while (journal.hasRoom(ROOM, essential)) journal.append(nth(n++))
  await journal.kept(journal.position)
  return n - 1
}

describe('a system without free file descriptors', () => {
  it.each(['EMFILE', 'ENFILE'])('refuses appends as overloaded until it has some again: %s', async (code) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { journal, breakDisk, repairDisk, directory } = await onFailingDisk(
      code,
      ({ kind }) => kind === 'create'
    )
    breakDisk()
    const last = await fill(journal, 1, true)
    await expect(journal.room(ROOM, true)).rejects.toMatchObject({ code: 'overloaded', cause: { code } })
    expect(journal.failed).toBe(null)
    repairDisk()
    vi.advanceTimersByTime(1000)
    await journal.room(ROOM, false)
    await keepEach(journal, series(last + 1, last + 60))
    await journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, last + 60))
  })
})

describe('a full disk', () => {
  const isAllocation = ({ kind, file }: Operation): boolean => kind === 'write' && file === UNFINISHED

  it.each(['ENOSPC', 'EDQUOT'])(
    'refuses appends for which it has no room, and loses nothing: %s',
    async (code) => {
      const { journal, breakDisk, directory } = await onFailingDisk(code, isAllocation)
      breakDisk()
      const last = await fill(journal, 1, true)
      await expect(journal.room(ROOM, true)).rejects.toMatchObject({ code: 'storage-full', cause: { code } })
      expect(() => {
        for (;;) journal.append(nth(last + 1))
      }).toThrow(expect.objectContaining({ code: 'storage-full' }))
      expect(journal.failed).toBe(null)
      await journal.close()
      expect((await open({ directory })).replayed.slice(0, last)).toEqual(series(1, last))
    }
  )

  it('leaves the reserve to essential changes', async () => {
    const { journal, breakDisk } = await onFailingDisk('ENOSPC', isAllocation, { reserveBytes: 2000 })
    breakDisk()
    const last = await fill(journal, 1, false)
    await expect(journal.room(ROOM, false)).rejects.toMatchObject({ code: 'storage-full' })
    await journal.room(ROOM, true)
    const essential = (await fill(journal, last + 1, true)) - last
    expect(essential).toBeGreaterThan(10)
    await expect(journal.room(ROOM, true)).rejects.toMatchObject({ code: 'storage-full' })
  })

  it('accepts appends a second after it has space again', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { journal, breakDisk, repairDisk, directory } = await onFailingDisk('ENOSPC', isAllocation)
    breakDisk()
    const last = await fill(journal, 1, true)
    await expect(journal.room(ROOM, false)).rejects.toMatchObject({ code: 'storage-full' })
    repairDisk()
    await expect(journal.room(ROOM, false)).rejects.toMatchObject({ code: 'storage-full' })
    vi.advanceTimersByTime(1000)
    await journal.room(ROOM, false)
    await keepEach(journal, series(last + 1, last + 60))
    await journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, last + 60))
  })

  it('is asked for space at most once a second', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let allocations = 0
    const { journal, breakDisk } = await onFailingDisk('ENOSPC', (operation) => {
      if (isAllocation(operation)) allocations += 1
      return isAllocation(operation)
    })
    breakDisk()
    await fill(journal, 1, true)
    await expect(journal.room(ROOM, false)).rejects.toThrow()
    const before = allocations
    for (let i = 0; i < 20; i++) await expect(journal.room(ROOM, false)).rejects.toThrow()
    expect(allocations).toBe(before)
    vi.advanceTimersByTime(1000)
    for (let i = 0; i < 20; i++) await expect(journal.room(ROOM, false)).rejects.toThrow()
    expect(allocations).toBe(before + 1)
  })

  it('does not prevent a journal from being opened and read', async () => {
    const { journal, directory } = await onFailingDisk('ENOSPC', () => false)
    await keepEach(journal, series(1, 30))
    await journal.close()
    const files = watchedFiles((operation) => {
      if (isAllocation(operation)) throw systemError('ENOSPC')
    })
    const full = await open({ directory, files, reserveBytes: 1 << 20 })
    expect(full.replayed).toEqual(series(1, 30))
    expect(full.journal.hasRoom(ROOM, false)).toBe(false)
    const empty = await open({ directory: await temporaryDirectory(), files })
    expect(empty.journal.hasRoom(1, true)).toBe(false)
    await empty.journal.close()
  })

  it('gets a small segment if it has no room for a large one', async () => {
    const onMiB = { segmentBytes: 1 << 20, reserveBytes: 0 }
    const { journal, breakDisk } = await onFailingDisk('ENOSPC', isAllocation, onMiB)
    breakDisk()
    expect(journal.segments()).toMatchObject([{ base: 0, end: (1 << 20) - HEADER_BYTES }])
  })
})

describe.each([
  ['write', 'EIO'],
  ['sync', 'EIO'],
  ['write', 'ENOSPC']
] as const)('a failed %s (%s)', (kind, code) => {
  const isFlush = (operation: Operation): boolean => operation.kind === kind && operation.file !== UNFINISHED

  it('rejects all waiting appends with outcome-unknown', async () => {
    const onFailure = vi.fn()
    const { journal, breakDisk } = await onFailingDisk(code, isFlush, { segmentBytes: 1 << 20, onFailure })
    await keepEach(journal, [nth(1)])
    const { position } = journal
    breakDisk()
    const waits = [2, 3, 4].map((n) => journal.kept(journal.append(nth(n))))
    for (const wait of waits) {
      await expect(wait).rejects.toMatchObject({ code: 'outcome-unknown', cause: { code } })
    }
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(journal.failed)
    expect(journal.isKept(position)).toBe(true)
  })

  it('ends the journal: it refuses everything from then on, and retries nothing', async () => {
    const seen: Operation[] = []
    const { journal, breakDisk, repairDisk, directory } = await onFailingDisk(
      code,
      (operation) => {
        seen.push(operation)
        return isFlush(operation)
      },
      { segmentBytes: 1 << 20 }
    )
    await keepEach(journal, [nth(1)])
    breakDisk()
    await expect(journal.kept(journal.append(nth(2)))).rejects.toMatchObject({ code: 'outcome-unknown' })
    repairDisk()
    const failed = expect.objectContaining({
      code: 'storage-failed',
      cause: expect.objectContaining({ code })
    })
    expect(journal.failed).toEqual(failed)
    expect(() => journal.append(nth(3))).toThrow(failed)
    expect(() => journal.hasRoom(8, true)).toThrow(failed)
    await expect(journal.room(8, true)).rejects.toEqual(failed)
    await expect(journal.kept(journal.position)).rejects.toEqual(failed)
    await expect(journal.sync(journal.position)).rejects.toEqual(failed)
    await expect(journal.release(0)).rejects.toEqual(failed)
    await journal.close()
    expect(seen.filter(isFlush).length).toBe(1)
    const { replayed } = await open({ directory })
    expect([series(1, 1), series(1, 2)]).toContainEqual(replayed)
  })
})

describe('a failed background write', () => {
  it('of a new segment ends the journal unless the disk is full', async () => {
    const onFailure = vi.fn()
    const { journal, breakDisk } = await onFailingDisk('EIO', ({ file }) => file === UNFINISHED, {
      onFailure
    })
    breakDisk()
    await expect(
      (async () => {
        for (let n = 1; ; n++) await journal.kept(await append(journal, nth(n)))
      })()
    ).rejects.toMatchObject({ cause: { code: 'EIO' } })
    expect(onFailure).toHaveBeenCalledOnce()
  })

  it('makes opening fail, and the directory can be opened again', async () => {
    const directory = await temporaryDirectory()
    const files = watchedFiles(({ kind }) => {
      if (kind === 'write') throw systemError('EIO')
    })
    await expect(open({ directory, files })).rejects.toMatchObject({ code: 'storage-failed' })
    await open({ directory })
  })

  it('is reported by close if it is the last one', async () => {
    const { journal, breakDisk } = await onFailingDisk('EIO', ({ kind }) => kind === 'sync', {
      segmentBytes: 1 << 20
    })
    journal.append(nth(1))
    breakDisk()
    await expect(journal.close()).rejects.toMatchObject({ code: 'storage-failed' })
  })
})

it('a closed journal refuses appends', async () => {
  const { journal } = await open({ directory: await temporaryDirectory() })
  await journal.close()
  expect(() => journal.append(nth(1))).toThrow('The journal is closed')
  await expect(journal.room(8, true)).rejects.toThrow('The journal is closed')
})
