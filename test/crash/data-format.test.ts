import { cpSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { formatId, MAX_ID } from '../../src/contract/entry-id.ts'
import { backUp } from '../../src/embedded/backup.ts'
import { ByteWriter } from '../../src/embedded/bytes/byte-writer.ts'
import { checkDirectory } from '../../src/embedded/check.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import type { Step } from '../../src/embedded/step.ts'
import {
  ALL_BLOCKS,
  blockKey,
  consumerName,
  consumersOf,
  groupNumber,
  groupsOf,
  ROOT_KEY,
  streamKey
} from '../../src/embedded/store/keys.ts'
import { StoreFile } from '../../src/embedded/store/store-file.ts'
import {
  decodeConsumer,
  decodeRoot,
  decodeStream,
  encodeStream,
  FORMAT_VERSION
} from '../../src/embedded/store/values.ts'
import { consumersOf as consumersOfGroup } from '../conformance/requests.ts'
import { fieldsJson, fieldsOf } from '../support/core.ts'
import { CONTROL_SOCKET, temporaryDirectory } from '../support/weir.ts'

const ORDERS = { stream: 'orders' }
const BILLING = { ...ORDERS, group: 'billing' }
const NOW = 1_700_000_000_000

/** A copy of a data directory of this version. test/support/make-data-fixture.ts shows what it contains. */
async function fixture(version: number): Promise<string> {
  const directory = await temporaryDirectory()
  await cp(fileURLToPath(new URL(`../fixtures/data-v${version}`, import.meta.url)), directory, {
    recursive: true
  })
  await writeFile(join(directory, 'lock'), '')
  return directory
}

/** The numbers of the orders in the fixture. */
const NUMBERS = Array.from({ length: 300 }, (_, n) => n + 4).filter((n) => n !== 250)
const fieldsOfOrder = (n: number) => ({ n: `${n}`, name: 'Zoë 😀' })
const SIZE_BYTES = NUMBERS.reduce((sum, n) => sum + fieldsJson(fieldsOfOrder(n)).length, 0)

async function open(directory: string, onStep: (step: Step) => void = () => {}): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({
    directory,
    fsync: 'always',
    maxWaiting: 1,
    now: () => NOW + 5000,
    onStep
  })
  onTestFinished(() => engine.close())
  return engine
}

/** Runs `work` with the store of a data directory that is not open. */
async function withStore<T>(directory: string, work: (file: StoreFile) => T | Promise<T>): Promise<T> {
  const file = StoreFile.open(join(directory, 'store.mdb'), false)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

function versionOf(directory: string): Promise<number> {
  return withStore(directory, (file) => decodeRoot(file.get(ROOT_KEY) ?? Buffer.alloc(0)).version)
}

async function expectSizes(engine: EmbeddedEngine): Promise<void> {
  const { streams } = await engine.listStreams({ prefix: '', limit: 10 })
  const sizes = streams.filter(({ name }) => name !== 'jobs').map(({ name, sizeBytes }) => [name, sizeBytes])
  expect(sizes).toEqual([
    ['empty', 0],
    ['orders', SIZE_BYTES]
  ])
}

describe.each([1, 2, 3, 4])('a data directory of format %i', (version) => {
  it('is what the fixture contains', async () => {
    expect(await versionOf(await fixture(version))).toBe(version)
  })

  it('is read completely: its store, and the journal after it', async () => {
    const engine = await open(await fixture(version))
    const { streams } = await engine.listStreams({ prefix: '', limit: 10 })
    expect(streams.map(({ name, length, groups }) => [name, length, groups])).toEqual([
      ['empty', 0, 0],
      ...(version < 4 ? [] : [['jobs', 3, 1]]),
      ['orders', 299, 1]
    ])
    await expectSizes(engine)
    const { signal } = new AbortController()
    const all = { ...ORDERS, from: 0n, to: MAX_ID, order: 'asc', limit: 1000, waitMs: 0 } as const
    const { entries } = await engine.listEntries(all, signal)
    expect(entries.map((entry) => [formatId(entry.id), fieldsOf(entry.fields)])).toEqual(
      NUMBERS.map((n) => [`${n}-0`, fieldsOfOrder(n)])
    )
    const info = await engine.getStream(ORDERS)
    expect([formatId(info.lastId), formatId(info.maxDeletedId), info.entriesAdded]).toEqual([
      '303-0',
      '250-0',
      303
    ])
    const pending = await engine.listPending({ ...BILLING, from: 0n, to: MAX_ID, limit: 100, minIdleMs: 0 })
    expect(
      pending.map((entry) => [formatId(entry.id), entry.consumer, entry.idleMs, entry.deliveries])
    ).toEqual([
      ...[3, 4, 5, 6, 7, 8, 9].map((n) => [`${n}-0`, 'ann', 5000, 1]),
      ['11-0', 'bob', 5000, 1],
      ['12-0', 'bob', 5000, 1]
    ])
    expect(await engine.getGroup(BILLING)).toMatchObject({ consumers: 2, pending: 9 })
    expect((await consumersOfGroup(engine, BILLING)).map(({ name }) => name)).toEqual(['ann', 'bob'])
  })

  it('is found sound by a check, and gets the current format at the first checkpoint', async () => {
    const directory = await fixture(version)
    const sound =
      version < 4
        ? { streams: 2, entries: 299, groups: 1, pending: 9 }
        : { streams: 3, entries: 302, groups: 2, pending: 11 }
    expect(await checkDirectory(directory)).toMatchObject(sound)
    expect(await versionOf(directory)).toBe(version)
    await (await open(directory)).close()
    expect(await checkDirectory(directory)).toMatchObject(sound)
    expect(await versionOf(directory)).toBe(FORMAT_VERSION)
  })

  it('is checked page by page and block by block, with reports of the progress', async () => {
    const reports: [what: string, done: number, of: number][] = []
    await checkDirectory(await fixture(version), (...progress) => reports.push(progress))
    const lastOf = (what: string) => reports.findLast(([of]) => of === what)
    const [, pages = 0, ofPages = 0] = lastOf('pages of the store') ?? []
    expect(pages).toBeGreaterThan(2)
    expect(ofPages).toBeGreaterThanOrEqual(pages)
    const [, entries = 0, ofEntries] = lastOf('entries of stream "orders"') ?? []
    expect(entries).toBeGreaterThan(200)
    expect(entries).toBe(ofEntries)
  })

  it('can be backed up', async () => {
    const copy = join(await temporaryDirectory(), 'copy')
    await backUp(await fixture(version), copy)
    expect(await versionOf(copy)).toBe(version)
    await expectSizes(await open(copy))
  })
})

describe('a data directory of format 4', () => {
  it('contains policies, nacked entries and dead ones', async () => {
    const engine = await open(await fixture(4))
    const workers = { stream: 'jobs', group: 'workers' }
    expect(await engine.getGroup(workers)).toMatchObject({
      pending: 2,
      delayed: 1,
      dead: 1,
      delivery: {
        ackTimeoutMs: 30_000,
        maxDeliveries: 5,
        retryDelaysMs: [1000, 5000],
        deadLetterStream: 'letters',
        deadLetterMaxLength: 1000,
        consumerTtlMs: 3_600_000,
        maxPending: 100,
        maxPendingPerConsumer: 10
      }
    })
    // The lease began before the start.
    expect(
      await engine.listPending({ ...workers, from: 0n, to: MAX_ID, limit: 10, minIdleMs: 0 })
    ).toMatchObject([
      { consumer: 'ann', state: 'leased', dueInMs: 55_000 },
      { consumer: null, state: 'delayed', dueInMs: 55_000 }
    ])
    expect(await engine.listDead({ ...workers, limit: 10 })).toMatchObject({
      dead: [{ deliveries: 1, consumer: 'ann', reason: 'no stock', deadAt: NOW }]
    })
  })
})

describe.each([1, 2])('a data directory of format %i, after the first checkpoint', (version) => {
  it('contains no more blocks of deleted streams', async () => {
    const directory = await fixture(version)
    const left = blockKey(1000, 5n)
    await withStore(directory, (file) => file.transaction(async () => file.put(left, Buffer.from('left'))))
    await (await open(directory)).close()
    expect(await withStore(directory, (file) => file.keys({ start: left, end: ALL_BLOCKS.end }))).toEqual([])
  })

  it('stores each consumer separately, with its times unchanged', async () => {
    const directory = await fixture(version)
    await (await open(directory)).close()
    const consumers = await withStore(directory, (file) => {
      const [group] = file.keys(groupsOf(1)).map(groupNumber)
      return [...file.range(consumersOf(group ?? 0))].map(({ key, value }) =>
        decodeConsumer(consumerName(key), value)
      )
    })
    expect(consumers).toEqual([
      { name: 'ann', number: 1, seenAt: NOW, activeAt: NOW },
      { name: 'bob', number: 2, seenAt: NOW, activeAt: NOW }
    ])
    const engine = await open(directory)
    expect(await consumersOfGroup(engine, BILLING)).toMatchObject([
      { name: 'ann', pending: 7, idleMs: 5000, inactiveMs: 5000 },
      { name: 'bob', idleMs: 5000, inactiveMs: 5000 }
    ])
  })
})

describe('a data directory of format 1', () => {
  it('stores the sizes of its streams from the first checkpoint on', async () => {
    const directory = await fixture(1)
    await (await open(directory)).close()
    const sizes = await withStore(directory, (file) =>
      [1, 2].map(
        (number) => decodeStream(file.get(streamKey(number)) ?? Buffer.alloc(0), FORMAT_VERSION).sizeBytes
      )
    )
    expect(sizes).toEqual([SIZE_BYTES, 0])
    await expectSizes(await open(directory))
  })

  it('is complete at whichever step a crash interrupts the first checkpoint', async () => {
    const directory = await fixture(1)
    const crashes = await temporaryDirectory()
    const steps: Step[] = []
    const engine = await open(directory, (step) => {
      cpSync(directory, join(crashes, `${steps.length}`), {
        recursive: true,
        filter: (name) => !name.endsWith(CONTROL_SOCKET)
      })
      steps.push(step)
    })
    await engine.close()
    expect(steps).toContain('checkpoint written')
    expect(steps.at(-1)).toBe('checkpoint released')
    for (const index of steps.keys()) {
      const crashed = join(crashes, `${index}`)
      const isSaved = index >= steps.indexOf('checkpoint saved')
      expect(await versionOf(crashed)).toBe(isSaved ? FORMAT_VERSION : 1)
      await expectSizes(await open(crashed))
    }
  })
})

describe('a check', () => {
  it('reports a stream whose stored size differs from the size of its blocks', async () => {
    const directory = await fixture(2)
    await withStore(directory, (file) =>
      file.transaction(async () => {
        const values = decodeStream(file.get(streamKey(1)) ?? Buffer.alloc(0), 2)
        file.put(streamKey(1), encodeStream({ ...values, sizeBytes: 7 }))
      })
    )
    await expect(checkDirectory(directory)).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringMatching(/^Stream "orders" should contain 7 bytes, but its blocks contain \d+$/)
    })
  })
})

describe('a data directory of a newer format', () => {
  it('is refused with both versions, and not changed', async () => {
    const directory = await fixture(1)
    const version = FORMAT_VERSION + 1
    const root = new ByteWriter(64).varint(version).varint(0).varint(1)
    await withStore(directory, (file) =>
      file.transaction(async () => file.put(ROOT_KEY, root.slice(0, root.at)))
    )
    const refusal = {
      code: 'storage-failed',
      message: `The store has a root that cannot be read: it has format ${version}, but this version of Weir only reads formats up to ${FORMAT_VERSION}`
    }
    await expect(open(directory)).rejects.toMatchObject(refusal)
    await expect(open(directory)).rejects.toMatchObject(refusal)
  })
})
