import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Streams } from '../../src/embedded/core/streams.ts'
import { Journal } from '../../src/embedded/journal/journal.ts'
import { recordBytes } from '../../src/embedded/journal/record.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { Core } from '../support/core.ts'
import { MemoryDisk } from '../support/memory-disk.ts'
import { program, running } from '../support/programs.ts'
import { snapshot } from '../support/snapshot.ts'

describe('replaying the journal', () => {
  it('reproduces the state after any program of operations', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        const files = new MemoryDisk()
        const options = { directory: '/journal', fsync: 'always', files, reserveBytes: 0 } as const
        const segmentBytes = HEADER_BYTES + 16_384
        const { journal } = await Journal.open({ ...options, segmentBytes }, () => {})
        const core = new Core()
        let journaled = 0
        const record = async () => {
          const changes = core.changes.slice(journaled)
          journaled = core.changes.length
          await journal.room(recordBytes(changes), true)
          journal.append(changes)
        }
        for (const _ of running(core, steps)) await record()
        await record()
        await journal.kept(journal.position)
        files.powerFailure(() => false)
        const replayed = new Streams()
        const reopened = await Journal.open({ ...options, segmentBytes }, (changes) => {
          for (const change of changes) replayed.apply(change)
        })
        expect(snapshot(replayed)).toEqual(snapshot(core.streams))
        await reopened.journal.close()
      }),
      { numRuns: 100, endOnFailure: true }
    )
  })
})
