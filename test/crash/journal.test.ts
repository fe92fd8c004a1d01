import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Journal } from '../../src/embedded/journal/journal.ts'
import type { Fsync } from '../../src/embedded/journal/options.ts'
import { digest, open, snapshot } from '../support/journal.ts'
import { keepEach, nth, series } from '../support/journal-series.ts'
import { MemoryDisk } from '../support/memory-disk.ts'
import { gate, watchedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

describe('a journal', () => {
  it.each(['always', 'everysec', 'never'] as const)(
    'replays its records in order: fsync %s',
    async (fsync) => {
      const directory = await temporaryDirectory()
      const first = await open({ directory, fsync })
      expect(first.recovery).toEqual({ segments: 0, records: 0, bytes: 0, cutBytes: 0 })
      await keepEach(first.journal, series(1, 20))
      const { position } = first.journal
      await first.journal.close()

      const second = await open({ directory, fsync })
      expect(second.replayed).toEqual(series(1, 20))
      expect(second.recovery).toMatchObject({ records: 20, cutBytes: 0 })
      expect(second.journal.position).toBe(position)
      await keepEach(second.journal, series(21, 40))
      await second.journal.close()

      expect((await open({ directory })).replayed).toEqual(series(1, 40))
    }
  )

  it('reports how many bytes are not kept yet', async () => {
    const { journal } = await open({ directory: await temporaryDirectory() })
    expect(journal.unkeptBytes).toBe(0)
    const position = journal.append(nth(1))
    expect(journal.unkeptBytes).toBe(position)
    await journal.kept(position)
    expect(journal.unkeptBytes).toBe(0)
    expect(journal.keptPosition).toBe(position)
  })

  it('keeps records that nobody waited for when it is closed', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    journal.append(nth(1))
    await journal.close()
    await journal.close()
    expect((await open({ directory })).replayed).toEqual([nth(1)])
  })

  it('replays the changes of a record together', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    journal.append(series(1, 5).flat())
    await journal.close()
    expect((await open({ directory })).replayed).toEqual([series(1, 5).flat()])
  })

  it('is not changed by being opened and closed', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 3))
    await journal.close()
    const before = digest(await snapshot(directory))
    await (await open({ directory })).journal.close()
    expect(digest(await snapshot(directory))).toBe(before)
  })

  it('reports whether a position is kept, and refuses to wait for a position after its end', async () => {
    const { journal } = await open({ directory: await temporaryDirectory() })
    const [position = 0] = await keepEach(journal, series(1, 1))
    expect(journal.isKept(position)).toBe(true)
    const next = journal.append(nth(2))
    expect(next).toBeGreaterThan(position)
    expect(journal.isKept(next)).toBe(false)
    await expect(journal.kept(next + 8)).rejects.toThrow(RangeError)
  })

  it('refuses a change that could not be read back, and accepts further ones', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 1))
    expect(() => journal.append([...nth(2), { kind: 'streamCreated', stream: '\udc00' }])).toThrow(RangeError)
    await keepEach(journal, series(3, 3))
    await journal.close()
    expect((await open({ directory })).replayed).toEqual([nth(1), nth(3)])
  })
})

describe('a flush', () => {
  it('is shared by all waiting appends', async () => {
    const onFlush = vi.fn()
    const { journal } = await open({ directory: await temporaryDirectory(), segmentBytes: 1 << 20, onFlush })
    await Promise.all(series(1, 100).map((changes) => journal.kept(journal.append(changes))))
    expect(onFlush.mock.calls).toEqual([
      [{ seconds: expect.any(Number), bytes: expect.any(Number), records: 100 }]
    ])
  })

  it('contains everything that was appended during the one before it', async () => {
    const { arrived, letGo, hold } = gate()
    let holds = false
    const files = watchedFiles(({ kind }) => {
      if (kind !== 'sync' || !holds) return
      holds = false
      return hold()
    })
    const onFlush = vi.fn()
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory, segmentBytes: 1 << 20, files, onFlush })
    holds = true
    const first = journal.kept(journal.append(nth(1)))
    await arrived
    const others = series(2, 10).map((changes) => journal.kept(journal.append(changes)))
    letGo()
    await Promise.all([first, ...others])
    expect(onFlush.mock.calls.map(([flush]) => flush.records)).toEqual([1, 9])
  })

  it('begins within a second if nobody waits', async () => {
    const flushed = gate()
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory, onFlush: () => void flushed.hold() })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const position = journal.append(nth(1))
    vi.advanceTimersByTime(999)
    expect(journal.isKept(position)).toBe(false)
    vi.advanceTimersByTime(1)
    await flushed.arrived
    expect(journal.isKept(position)).toBe(true)
  })
})

describe('the fsync mode', () => {
  /** Keeps one record. `seen` lists the disk operations, and `synced` resolves at the first sync. */
  async function keepOne(fsync: Fsync): Promise<{ journal: Journal; seen: string[]; synced: Promise<void> }> {
    const seen: string[] = []
    const synced = gate()
    let isOpen = false
    const files = watchedFiles(({ kind }) => {
      if (!isOpen) return
      seen.push(kind)
      if (kind === 'sync') void synced.hold()
    })
    const { journal } = await open({
      directory: await temporaryDirectory(),
      segmentBytes: 1 << 20,
      fsync,
      files
    })
    isOpen = true
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    await journal.kept(journal.append(nth(1)))
    return { journal, seen, synced: synced.arrived }
  }

  it('always syncs before a record is kept', async () => {
    expect((await keepOne('always')).seen).toEqual(['write', 'sync'])
  })

  it('always syncs a record that was appended while only a commit marker was written', async () => {
    const { arrived, letGo, hold } = gate()
    const seen: string[] = []
    const files = watchedFiles(({ kind }) => {
      seen.push(kind)
      // The first record is written and synced, and a second later its marker is written.
      if (seen.join() === 'write,sync,write') return hold()
    })
    const { journal } = await open({ directory: await temporaryDirectory(), segmentBytes: 1 << 20, files })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    seen.length = 0
    await journal.kept(journal.append(nth(1)))
    vi.advanceTimersByTime(1000)
    await arrived
    const kept = journal.kept(journal.append(nth(2)))
    letGo()
    await kept
    expect(seen).toEqual(['write', 'sync', 'write', 'write', 'sync'])
  })

  it('everysec syncs within a second after a record was written', async () => {
    const { seen, synced } = await keepOne('everysec')
    vi.advanceTimersByTime(999)
    expect(seen).toEqual(['write'])
    vi.advanceTimersByTime(1)
    await synced
    expect(seen).toEqual(['write', 'sync'])
  })

  it('everysec answers nothing while a write has been waiting for its sync for two seconds', async () => {
    const syncs: ReturnType<typeof gate>[] = []
    let isOpen = false
    const files = watchedFiles(({ kind }) => {
      if (!isOpen || kind !== 'sync') return
      const sync = gate()
      syncs.push(sync)
      return sync.hold()
    }, new MemoryDisk())
    const options = { directory: '/journal', segmentBytes: 1 << 20, fsync: 'everysec', files } as const
    const { journal } = await open(options)
    isOpen = true
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const kept: number[] = []
    const keep = (n: number): void => {
      const position = journal.append(nth(n))
      void journal.kept(position).then(() => {
        expect(journal.isKept(position)).toBe(true)
        kept.push(n)
      })
      expect(journal.isKept(position)).toBe(false)
    }
    /** After this, everything that needs no sync is done. */
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    keep(1)
    await turn()
    vi.advanceTimersByTime(1000)
    await turn()
    expect([kept, syncs.length]).toEqual([[1], 1])
    vi.advanceTimersByTime(1000)
    keep(2)
    await turn()
    expect(kept).toEqual([1, 2])
    vi.advanceTimersByTime(1)
    keep(3)
    const { position } = journal
    await turn()
    // The third record waits for the sync of the first, and after three seconds for that of the second, too.
    expect([kept, journal.isKept(position)]).toEqual([[1, 2], false])
    vi.advanceTimersByTime(3000)
    syncs[0]?.letGo()
    await turn()
    expect([kept, journal.isKept(position), syncs.length]).toEqual([[1, 2], false, 2])
    syncs[1]?.letGo()
    await turn()
    expect([kept, syncs.length]).toEqual([[1, 2, 3], 2])
    isOpen = false
    await journal.close()
  })

  it('never syncs only when the journal is closed', async () => {
    const { journal, seen } = await keepOne('never')
    vi.advanceTimersByTime(10_000)
    expect(seen).not.toContain('sync')
    await journal.close()
    expect(seen).toContain('sync')
  })
})
