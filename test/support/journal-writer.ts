import { Journal } from '../../src/embedded/journal/journal.ts'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { append, nth } from './journal-series.ts'

/**
 * A process that appends records from the given number on, until it is killed. It appends several at a time and waits
 * for most of them. It prints the number of the last record that was kept.
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
