import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { entryId } from '../src/contract/entry-id.ts'
import type { Change } from '../src/embedded/core/change.ts'
import { Journal } from '../src/embedded/journal/journal.ts'
import type { Fsync } from '../src/embedded/journal/options.ts'
import { recordBytes } from '../src/embedded/journal/record.ts'

/**
 * Measures how many entries a second the journal alone writes. An entry counts once it is durable. Run it with `npx tsx
 * load/journal-benchmark.ts [directory]`. The directory should be on the disk to measure: /tmp may be in memory.
 */

const COMMITTERS = 50
const WARM_UP_MS = 500
const RUN_MS = 2000
const FIELDS = Buffer.from(JSON.stringify({ order: '1042', note: 'x'.repeat(124) }))

async function measure(directory: string, fsync: Fsync, entriesPerCommit: number): Promise<void> {
  let flushes = 0
  const options = { directory, fsync, onFlush: () => (flushes += 1) }
  const openedAt = performance.now()
  const { journal } = await Journal.open(options, () => undefined)
  const openMs = performance.now() - openedAt
  let committed = 0
  let last = entryId(Date.now(), 0)
  const commit = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      const entries = Array.from({ length: entriesPerCommit }, () => ({ id: ++last, fields: FIELDS }))
      const changes: Change[] = [{ kind: 'appended', stream: 'orders', entries }]
      const bytes = recordBytes(changes)
      while (!journal.hasRoom(bytes, false)) await journal.room(bytes, false)
      await journal.kept(journal.append(changes))
      committed += 1
    }
  }
  const all = (ms: number): Promise<unknown> =>
    Promise.all(Array.from({ length: COMMITTERS }, () => commit(performance.now() + ms)))

  await all(WARM_UP_MS)
  flushes = 0
  committed = 0
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const utilizationBefore = performance.eventLoopUtilization()
  await all(RUN_MS)
  const seconds = (performance.now() - startedAt) / 1000
  const { utilization } = performance.eventLoopUtilization(utilizationBefore)
  const { user, system } = process.cpuUsage(cpu)
  const entries = committed * entriesPerCommit
  console.log(
    `${fsync.padEnd(8)} ${String(entriesPerCommit).padStart(3)} entries per commit:`,
    `${Math.round(entries / seconds).toLocaleString('en')} entries/s,`,
    `${Math.round(flushes / seconds).toLocaleString('en')} flushes/s,`,
    `event loop ${Math.round(utilization * 100)} % busy (${((utilization * seconds * 1e6) / entries).toFixed(2)} µs per entry),`,
    `process ${((user + system) / entries).toFixed(2)} µs CPU per entry; opened in ${openMs.toFixed(1)} ms`
  )
  await journal.close()
}

async function replay(directory: string): Promise<void> {
  const startedAt = performance.now()
  let entries = 0
  const { journal, recovery } = await Journal.open({ directory, fsync: 'always' }, (changes) => {
    for (const change of changes) if (change.kind === 'appended') entries += change.entries.length
  })
  const seconds = (performance.now() - startedAt) / 1000
  console.log(
    `replay: ${entries.toLocaleString('en')} entries, ${recovery.bytes.toLocaleString('en')} bytes in ${seconds.toFixed(2)} s`
  )
  await journal.close()
}

const root = await mkdtemp(path.join(process.argv[2] ?? tmpdir(), 'weir-journal-'))
try {
  for (const fsync of ['always', 'everysec'] as const) {
    for (const entriesPerCommit of [1, 100]) {
      const directory = path.join(root, `${fsync}-${entriesPerCommit}`)
      await measure(directory, fsync, entriesPerCommit)
      await replay(directory)
      await rm(directory, { recursive: true })
    }
  }
} finally {
  await rm(root, { recursive: true })
}
