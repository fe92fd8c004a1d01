import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { fieldsJson, id } from './core.ts'

/**
 * Creates a data directory that every later version must read, or refuse with its version: a checkpoint, and a
 * journal with later changes. Run it once for each version of the format: `tsx test/support/make-data-fixture.ts
 * DIR`.
 */
const [target = ''] = process.argv.slice(2)
const ORDERS = { stream: 'orders' }
const BILLING = { ...ORDERS, group: 'billing' }
const { signal } = new AbortController()

const directory = await mkdtemp(join(tmpdir(), 'weir-fixture-'))
const open = () =>
  openEmbeddedEngine({
    directory,
    fsync: 'always',
    maxWaiting: 1,
    segmentBytes: 64 * 1024,
    reserveBytes: 4096,
    everyMs: 3_600_000,
    now: () => 1_700_000_000_000
  })

async function append(engine: EmbeddedEngine, from: number, to: number): Promise<void> {
  const entries = []
  for (let n = from; n <= to; n++)
    entries.push({ id: id(`${n}-0`), fields: fieldsJson({ n: `${n}`, name: 'Zoë 😀' }) })
  await engine.appendEntries({ ...ORDERS, createStream: true, entries })
}

function read(engine: EmbeddedEngine, consumer: string, count: number) {
  return engine.readGroups(
    { group: 'billing', streams: [ORDERS], consumer, count, waitMs: 0, noAck: false },
    signal
  )
}

const JOBS = { stream: 'jobs' }
const WORKERS = { ...JOBS, group: 'workers' }

/** Since format 4: a group with a policy, with a leased, a delayed and a dead entry. */
async function appendJobs(engine: EmbeddedEngine): Promise<void> {
  const entries = ['1-0', '2-0', '3-0'].map((text) => ({ id: id(text), fields: fieldsJson({ job: text }) }))
  await engine.appendEntries({ ...JOBS, createStream: true, entries })
  const delivery = {
    ackTimeoutMs: 30_000,
    maxDeliveries: 5,
    retryDelaysMs: [1000, 5000],
    deadLetterStream: 'letters',
    deadLetterMaxLength: 1000,
    consumerTtlMs: 3_600_000,
    maxPending: 100,
    maxPendingPerConsumer: 10
  }
  await engine.ensureGroup({ ...WORKERS, after: 0n, createStream: false, onlyNew: true })
  await engine.readGroups(
    { group: 'workers', streams: [JOBS], consumer: 'ann', count: 10, waitMs: 0, noAck: false },
    signal
  )
  await engine.nackEntries({ ...WORKERS, ids: [id('2-0')], outcome: 'retry', delayMs: 60_000 })
  await engine.nackEntries({ ...WORKERS, ids: [id('3-0')], outcome: 'reject', reason: 'no stock' })
  await engine.updateGroup({ ...WORKERS, delivery })
}

const first = await open()
await append(first, 1, 300)
await first.ensureStream({ stream: 'empty', onlyNew: true })
await first.ensureGroup({ ...BILLING, after: 0n, createStream: false, onlyNew: true })
await read(first, 'ann', 10)
const undelivered = await read(first, 'bob', 5)
undelivered.undo()
await first.ackEntries({ ...BILLING, ids: ['1-0', '2-0'].map((text) => id(text)) })
await first.deleteEntries({ ...ORDERS, ids: [id('250-0')] })
await first.trimStream({ ...ORDERS, trim: { maxLength: 296, approximate: false } })
await appendJobs(first)
await first.close()

const second = await open()
await append(second, 301, 303)
await read(second, 'bob', 2)
await second.ackEntries({ ...BILLING, ids: [id('10-0')] })
// The directory as a crash would leave it now: the changes since the checkpoint are only in the journal.
await mkdir(join(target, 'journal'), { recursive: true })
await cp(join(directory, 'store.mdb'), join(target, 'store.mdb'))
await cp(join(directory, 'journal'), join(target, 'journal'), { recursive: true })
await second.close()
await rm(directory, { recursive: true })
