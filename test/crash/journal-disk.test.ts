import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Journal } from '../../src/embedded/journal/journal.ts'
import type { JournalOptions } from '../../src/embedded/journal/options.ts'
import { HEADER_BYTES, UNFINISHED } from '../../src/embedded/journal/segment.ts'
import { type Opened, open } from '../support/journal.ts'
import { append, keepEach, nth, series } from '../support/journal-series.ts'
import { type Operation, systemError, watchedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** As much as any of the records takes. */
const ROOM = 200

/** A journal on a disk that says no to what `no` names, from the moment that `spoil` is called. */
async function onBadDisk(
  code: string,
  no: (operation: Operation) => boolean,
  options: Partial<JournalOptions> = {}
): Promise<Opened & { spoil(): void; mend(): void }> {
  let isBad = false
  const files = watchedFiles((operation) => {
    if (isBad && no(operation)) throw systemError(code)
  })
  const directory = await temporaryDirectory()
  const opened = await open({ directory, files, ...options })
  return {
    ...opened,
    spoil: () => {
      isBad = true
    },
    mend: () => {
      isBad = false
    }
  }
}

/** Appends until there is no room. Returns the number of the last one. */
async function fill(journal: Journal, from: number, essential: boolean): Promise<number> {
  let n = from
  while (journal.hasRoom(ROOM, essential)) journal.append(nth(n++))
  await journal.kept(journal.position)
  return n - 1
}

describe('a system without free file descriptors', () => {
  it.each(['EMFILE', 'ENFILE'])(
    'refuses as overloaded, and appends go on when it has some: %s',
    async (code) => {
      vi.useFakeTimers({ toFake: ['performance'] })
      onTestFinished(() => void vi.useRealTimers())
      const { journal, spoil, mend, directory } = await onBadDisk(code, ({ kind }) => kind === 'create')
      spoil()
      const last = await fill(journal, 1, true)
      await expect(journal.room(ROOM, true)).rejects.toMatchObject({ code: 'overloaded', cause: { code } })
      expect(journal.failed).toBe(null)
      mend()
      vi.advanceTimersByTime(1000)
      await journal.room(ROOM, false)
      await keepEach(journal, series(last + 1, last + 60))
      await journal.close()
      expect((await open({ directory })).replayed).toEqual(series(1, last + 60))
    }
  )
})

describe('a full disk', () => {
  const isAllocation = ({ kind, file }: Operation): boolean => kind === 'write' && file === UNFINISHED

  it.each(['ENOSPC', 'EDQUOT'])(
    'refuses what there is no room for, and nothing is lost: %s',
    async (code) => {
      const { journal, spoil, directory } = await onBadDisk(code, isAllocation)
      spoil()
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

  it('leaves what is essential the reserve', async () => {
    const { journal, spoil } = await onBadDisk('ENOSPC', isAllocation, { reserveBytes: 2000 })
    spoil()
    const last = await fill(journal, 1, false)
    await expect(journal.room(ROOM, false)).rejects.toMatchObject({ code: 'storage-full' })
    await journal.room(ROOM, true)
    const essential = (await fill(journal, last + 1, true)) - last
    expect(essential).toBeGreaterThan(10)
    await expect(journal.room(ROOM, true)).rejects.toMatchObject({ code: 'storage-full' })
  })

  it('is no hindrance any more, a second after there is space again', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { journal, spoil, mend, directory } = await onBadDisk('ENOSPC', isAllocation)
    spoil()
    const last = await fill(journal, 1, true)
    await expect(journal.room(ROOM, false)).rejects.toMatchObject({ code: 'storage-full' })
    mend()
    await expect(journal.room(ROOM, false)).rejects.toMatchObject({ code: 'storage-full' })
    vi.advanceTimersByTime(1000)
    await journal.room(ROOM, false)
    await keepEach(journal, series(last + 1, last + 60))
    await journal.close()
    expect((await open({ directory })).replayed).toEqual(series(1, last + 60))
  })

  it('is not asked more often than once a second', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    let asked = 0
    const { journal, spoil } = await onBadDisk('ENOSPC', (operation) => {
      if (isAllocation(operation)) asked += 1
      return isAllocation(operation)
    })
    spoil()
    await fill(journal, 1, true)
    await expect(journal.room(ROOM, false)).rejects.toThrow()
    const before = asked
    for (let i = 0; i < 20; i++) await expect(journal.room(ROOM, false)).rejects.toThrow()
    expect(asked).toBe(before)
    vi.advanceTimersByTime(1000)
    for (let i = 0; i < 20; i++) await expect(journal.room(ROOM, false)).rejects.toThrow()
    expect(asked).toBe(before + 1)
  })

  it('does not keep a journal from being opened and read', async () => {
    const { journal, directory } = await onBadDisk('ENOSPC', () => false)
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

  it('with room for a small segment only gets one', async () => {
    const onMiB = { segmentBytes: 1 << 20, reserveBytes: 0 }
    const { journal, spoil } = await onBadDisk('ENOSPC', isAllocation, onMiB)
    spoil()
    expect(journal.segments()).toMatchObject([{ base: 0, end: (1 << 20) - HEADER_BYTES }])
  })
})

describe.each([
  ['write', 'EIO'],
  ['sync', 'EIO'],
  ['write', 'ENOSPC']
] as const)('a failed %s (%s)', (kind, code) => {
  const isFlush = (operation: Operation): boolean => operation.kind === kind && operation.file !== UNFINISHED

  it('tells all who wait that nobody knows', async () => {
    const onFailure = vi.fn()
    const { journal, spoil } = await onBadDisk(code, isFlush, { segmentBytes: 1 << 20, onFailure })
    await keepEach(journal, [nth(1)])
    const { position } = journal
    spoil()
    const waits = [2, 3, 4].map((n) => journal.kept(journal.append(nth(n))))
    for (const wait of waits) {
      await expect(wait).rejects.toMatchObject({ code: 'outcome-unknown', cause: { code } })
    }
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(journal.failed)
    expect(journal.isKept(position)).toBe(true)
  })

  it('is the end: from then on everything is refused, and nothing is tried again', async () => {
    const seen: Operation[] = []
    const { journal, spoil, mend, directory } = await onBadDisk(
      code,
      (operation) => {
        seen.push(operation)
        return isFlush(operation)
      },
      { segmentBytes: 1 << 20 }
    )
    await keepEach(journal, [nth(1)])
    spoil()
    await expect(journal.kept(journal.append(nth(2)))).rejects.toMatchObject({ code: 'outcome-unknown' })
    mend()
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
  it('of room to come ends the journal when it is not for lack of space', async () => {
    const onFailure = vi.fn()
    const { journal, spoil } = await onBadDisk('EIO', ({ file }) => file === UNFINISHED, { onFailure })
    spoil()
    await expect(
      (async () => {
        for (let n = 1; ; n++) await journal.kept(await append(journal, nth(n)))
      })()
    ).rejects.toMatchObject({ cause: { code: 'EIO' } })
    expect(onFailure).toHaveBeenCalledOnce()
  })

  it('makes opening fail, and the directory free', async () => {
    const directory = await temporaryDirectory()
    const files = watchedFiles(({ kind }) => {
      if (kind === 'write') throw systemError('EIO')
    })
    await expect(open({ directory, files })).rejects.toMatchObject({ code: 'storage-failed' })
    await open({ directory })
  })

  it('is reported by close when it was the last', async () => {
    const { journal, spoil } = await onBadDisk('EIO', ({ kind }) => kind === 'sync', {
      segmentBytes: 1 << 20
    })
    journal.append(nth(1))
    spoil()
    await expect(journal.close()).rejects.toMatchObject({ code: 'storage-failed' })
  })
})

it('a journal refuses what comes after it is closed', async () => {
  const { journal } = await open({ directory: await temporaryDirectory() })
  await journal.close()
  expect(() => journal.append(nth(1))).toThrow('The journal is closed')
  await expect(journal.room(8, true)).rejects.toThrow('The journal is closed')
})
