import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Journal } from '../../src/embedded/journal/journal.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { keepEach, series } from './journal-series.ts'

/**
 * Creates a journal that every later version must read: 20 records, each in a flush of its own, as kill -9 leaves
 * them. Run it once for each version of the journal's format: `tsx test/support/make-journal-fixture.ts DIR`.
 */
const [target = ''] = process.argv.slice(2)
const directory = await mkdtemp(join(tmpdir(), 'weir-fixture-'))
const { journal } = await Journal.open(
  { directory, fsync: 'everysec', segmentBytes: HEADER_BYTES + 1024, reserveBytes: 0 },
  () => undefined
)
await keepEach(journal, series(1, 20))
for (const { file } of journal.segments()) await cp(file, join(target, basename(file)))
await journal.close()
await rm(directory, { recursive: true })
