import { Journal } from '../../src/embedded/journal/journal.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { append, nth } from './journal-series.ts'

/**
 * A process that appends until it is killed, from the given number on: some records at a time, some of which nobody
 * waits for. Prints the number of each record that was kept.
 */
const [directory = '', from = '1'] = process.argv.slice(2)
const options = {
  directory,
  fsync: 'always',
  segmentBytes: HEADER_BYTES + 16_384,
  reserveBytes: 4096
} as const
const { journal } = await Journal.open(options, () => undefined)
for (let n = Number(from); ; ) {
  const count = 1 + (n % 13)
  for (let i = 0; i < count; i++) await append(journal, nth(n++))
  await journal.kept(journal.position)
  process.stdout.write(`${n - 1}\n`)
  await append(journal, nth(n++))
}
