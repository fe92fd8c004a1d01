import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Files } from '../../src/embedded/journal/files.ts'
import { HEADER_BYTES, segmentName } from '../../src/embedded/journal/segment.ts'
import { changed, digest, openUnsynced as open, restored, snapshot } from '../support/journal.ts'
import { append, keepEach, nth, series } from '../support/journal-series.ts'
import { gate, unsyncedFiles } from '../support/watched-files.ts'
import { temporaryDirectory } from '../support/weir.ts'

const FIRST = segmentName(0)

/** What kill -9 leaves of a journal with five records, each in a flush of its own, and three more in one flush. */
async function crashed(): Promise<{ files: Map<string, Buffer>; durable: number; end: number }> {
  const directory = await temporaryDirectory()
  const { journal } = await open({ directory })
  const positions = await keepEach(journal, series(1, 5))
  await Promise.all(series(6, 8).map((changes) => journal.kept(journal.append(changes))))
  const files = await snapshot(directory)
  return { files, durable: HEADER_BYTES + (positions.at(-1) ?? 0), end: HEADER_BYTES + journal.position }
}

/** A closed journal with eight records. A commit marker after the last one states that all of them are durable. */
async function closed(): Promise<{ files: Map<string, Buffer>; end: number }> {
  const directory = await temporaryDirectory()
  const { journal } = await open({ directory })
  await keepEach(journal, series(1, 8))
  const end = HEADER_BYTES + journal.position
  await journal.close()
  return { files: await snapshot(directory), end }
}

function flip(at: number, bit: number): (bytes: Buffer) => Buffer {
  return (bytes) => bytes.fill((bytes[at] ?? 0) ^ (1 << bit), at, at + 1)
}

describe('a torn tail', () => {
  it.each([
    ['that consists of zeros', (bytes: Buffer, length: number) => bytes.fill(0, length)],
    ['that is missing from the file', (bytes: Buffer, length: number) => bytes.subarray(0, length)]
  ])('%s is cut at the last complete record, whatever its length', async (_how, tear) => {
    const { files, durable, end } = await crashed()
    const lengths = new Set<number>()
    for (let length = durable; length <= end; length++) {
      const directory = await restored(changed(files, FIRST, (bytes) => tear(bytes, length)))
      const { journal, replayed, recovery } = await open({ directory })
      expect(replayed).toEqual(series(1, replayed.length))
      expect(replayed.length).toBeGreaterThanOrEqual(5)
      lengths.add(replayed.length)
      if (recovery.cutBytes === 0) expect(recovery.cut).toBe(undefined)
      else expect(recovery.cut).toMatchObject({ file: join(directory, FIRST), offset: expect.any(Number) })
      await append(journal, nth(99))
      await journal.close()
      expect((await snapshot(directory)).get(FIRST)?.length).toBe(files.get(FIRST)?.length)

      const again = await open({ directory })
      expect(again.replayed).toEqual([...replayed, nth(99)])
      expect(again.recovery.cutBytes).toBe(0)
      await again.journal.close()
    }
    expect([...lengths].sort()).toEqual([5, 6, 7, 8])
  })

  it('is reported with its length and its place', async () => {
    const { files, durable } = await crashed()
    const directory = await restored(changed(files, FIRST, (bytes) => bytes.fill(0, durable + 10)))
    const { recovery } = await open({ directory })
    expect(recovery).toMatchObject({
      records: 5,
      cutBytes: expect.toSatisfy((bytes) => bytes > 0 && bytes <= 10),
      cut: { file: join(directory, FIRST), offset: durable, records: 0, mayBeAnswered: false }
    })
  })

  it('that reaches into other segments is cut in all of them', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory, reserveBytes: 8192 })
    await keepEach(journal, series(1, 3))
    const durable = HEADER_BYTES + journal.position
    await Promise.all(series(4, 60).map((changes) => journal.kept(journal.append(changes))))
    expect(journal.segments().length).toBeGreaterThan(5)
    const files = changed(await snapshot(directory), FIRST, (bytes) => bytes.fill(0, durable, durable + 8))
    await journal.close()

    const torn = await open({ directory: await restored(files) })
    expect(torn.replayed).toEqual(series(1, 3))
    expect(torn.recovery.cutBytes).toBeGreaterThan(3000)
    await torn.journal.close()
    const again = await open({ directory: torn.directory })
    expect(again.recovery).toMatchObject({ records: 3, cutBytes: 0 })
  })

  it('never reappears after the records that are written in its place', async () => {
    const { files, durable } = await crashed()
    // The first record of the last flush is lost, the others are complete. Records of the same size take its place.
    const directory = await restored(changed(files, FIRST, (bytes) => bytes.fill(0, durable, durable + 48)))
    const { journal, replayed } = await open({ directory })
    expect(replayed).toEqual(series(1, 5))
    for (let n = 0; n < 3; n++) {
      await keepEach(journal, [nth(6)])
      const now = await open({ directory: await restored(await snapshot(directory)) })
      expect(now.replayed).toEqual([...series(1, 5), ...Array(n + 1).fill(nth(6))])
      await now.journal.close()
    }
  })
})

describe('a flipped bit', () => {
  it('in durable records makes opening fail with file and offset, and changes no file', async () => {
    const { files, end } = await closed()
    for (let at = HEADER_BYTES; at < end; at++) {
      const directory = await restored(changed(files, FIRST, flip(at, at % 8)))
      const before = digest(await snapshot(directory))
      const refusal = await open({ directory }).catch((error) => error)
      const [, offset] = /0000000000000000\.journal at byte (\d+): /.exec(refusal.message) ?? []
      expect(refusal.code).toBe('storage-failed')
      expect(Number(offset)).toBeLessThanOrEqual(at)
      expect(refusal.message).toContain('Restore the data directory from a backup')
      expect(digest(await snapshot(directory))).toBe(before)
    }
  })

  it('in any bit of the header of a segment makes opening fail', async () => {
    const { files } = await closed()
    for (let bit = 0; bit < 36 * 8; bit++) {
      const directory = await restored(changed(files, FIRST, flip(bit >> 3, bit % 8)))
      await expect(open({ directory })).rejects.toThrow(FIRST)
    }
  })

  it('in the last flush, before a marker confirms it, cuts the journal there', async () => {
    const { files, durable, end } = await crashed()
    for (let at = durable; at < end; at++) {
      const { journal, replayed } = await open({
        directory: await restored(changed(files, FIRST, flip(at, at % 8)))
      })
      expect(replayed).toEqual(series(1, replayed.length))
      expect([5, 6, 7]).toContain(replayed.length)
      await journal.close()
    }
  })

  it('in the last flush makes opening fail once the journal has been idle for a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const stated = gate()
    const directory = await temporaryDirectory()
    const onFlush = ({ records }: { records: number }): void => {
      if (records === 0) void stated.hold()
    }
    const { journal } = await open({ directory, onFlush })
    await keepEach(journal, [nth(1)])
    vi.advanceTimersByTime(1000)
    await stated.arrived
    const files = changed(await snapshot(directory), FIRST, flip(HEADER_BYTES + journal.position - 1, 0))
    await expect(open({ directory: await restored(files) })).rejects.toThrow(`${FIRST} at byte`)
  })
})

/** The files of a machine in this boot. Null if the machine does not know it. */
function afterBoot(boot: string | null): Files {
  return { ...unsyncedFiles, boot: async () => boot }
}

describe.each(['everysec', 'never'] as const)(
  'an answered record that is not durable (fsync %s)',
  (fsync) => {
    /** What kill -9 leaves of 30 records that were answered one by one, and the offset at which each of them ends. */
    async function killed(): Promise<{ files: Map<string, Buffer>; ends: number[] }> {
      const directory = await temporaryDirectory()
      const { journal } = await open({ directory, fsync, segmentBytes: 1 << 16 })
      const ends = (await keepEach(journal, series(1, 30))).map((position) => HEADER_BYTES + position)
      return { files: await snapshot(directory), ends }
    }

    /** Flips a bit in the last byte of a record that does not belong to its padding of zeros. */
    const flipIn = (end: number) => (bytes: Buffer) =>
      flip(bytes.subarray(0, end).findLastIndex(Boolean), 3)(bytes)

    it('makes opening fail with file and offset if a bit flips after a kill, in every flush but the last', async () => {
      const { files, ends } = await killed()
      for (const [n, end] of ends.slice(0, -1).entries()) {
        const directory = await restored(changed(files, FIRST, flipIn(end)))
        const before = digest(await snapshot(directory))
        const refusal = await open({ directory, fsync }).catch((error) => error)
        const [, offset] =
          /0000000000000000\.journal at byte (\d+): not a complete record/.exec(refusal.message) ?? []
        expect([refusal.code, Number(offset) >= (ends[n - 1] ?? HEADER_BYTES), Number(offset) < end]).toEqual(
          ['storage-failed', true, true]
        )
        expect(digest(await snapshot(directory))).toBe(before)
      }
    })

    it('makes opening fail in the last flush, too, once the journal has been idle', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      const stated = gate()
      const directory = await temporaryDirectory()
      const onFlush = ({ records }: { records: number }): void => {
        if (records === 0) void stated.hold()
      }
      const { journal } = await open({ directory, fsync, onFlush })
      const [end = 0] = await keepEach(journal, [nth(1)])
      // With everysec, a sync comes before the marker.
      vi.advanceTimersByTime(1000)
      if (fsync === 'everysec') await journal.sync(end)
      vi.advanceTimersByTime(1000)
      await stated.arrived
      const damaged = changed(await snapshot(directory), FIRST, flipIn(HEADER_BYTES + end))
      await expect(open({ directory: await restored(damaged) })).rejects.toThrow(`${FIRST} at byte`)
    })

    it.each(['another boot', null])(
      'is cut and reported if the machine was restarted meanwhile: %s',
      async (boot) => {
        const { files, ends } = await killed()
        const torn = changed(files, FIRST, flipIn(ends[9] ?? 0))
        const directory = await restored(torn)
        const { replayed, recovery, journal } = await open({ directory, fsync, files: afterBoot(boot) })
        expect(replayed).toEqual(series(1, 9))
        expect(recovery.cut).toMatchObject({ file: join(directory, FIRST), records: 20, mayBeAnswered: true })
        expect(recovery.cutBytes).toBeGreaterThan((ends[29] ?? 0) - (ends[9] ?? 0))
        await keepEach(journal, [nth(10)])
        await journal.close()
        expect((await open({ directory })).replayed).toEqual(series(1, 10))
      }
    )

    it('is read from a copy on another machine', async () => {
      const { files, ends } = await killed()
      // A backup ends at a position of the journal.
      const copy = changed(files, FIRST, (bytes) => bytes.subarray(0, ends[19]))
      for (const boot of ['another machine', null]) {
        const { replayed, recovery } = await open({ directory: await restored(copy), files: afterBoot(boot) })
        expect([replayed, recovery.cutBytes]).toEqual([series(1, 20), 0])
      }
    })
  }
)

describe('an unsynced record (fsync always)', () => {
  it('is cut and reported as unanswered, even after a restart of the machine', async () => {
    const { files, durable } = await crashed()
    const directory = await restored(changed(files, FIRST, flip(durable, 0)))
    const { recovery } = await open({ directory, files: afterBoot('another boot') })
    expect(recovery).toMatchObject({ records: 5, cut: { offset: durable, mayBeAnswered: false } })
  })
})
