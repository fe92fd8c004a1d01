import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ByteWriter } from '../../src/embedded/bytes/byte-writer.ts'
import { checkDirectory } from '../../src/embedded/check.ts'
import { type EmbeddedEngine, openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { ROOT_KEY } from '../../src/embedded/store/keys.ts'
import { StoreFile } from '../../src/embedded/store/store-file.ts'
import { FORMAT_VERSION } from '../../src/embedded/store/values.ts'
import { formatId, MAX_ID } from '../../src/entry-id.ts'
import { fieldsOf } from '../support/core.ts'
import { temporaryDirectory } from '../support/weir.ts'

const ORDERS = { stream: 'orders' }
const BILLING = { ...ORDERS, group: 'billing' }
const NOW = 1_700_000_000_000

/** A copy of a data directory of that version; test/support/make-fixture.ts says what is in it. */
async function fixture(version: number): Promise<string> {
  const directory = await temporaryDirectory()
  await cp(fileURLToPath(new URL(`../fixtures/data-v${version}`, import.meta.url)), directory, {
    recursive: true
  })
  return directory
}

async function open(directory: string): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({
    directory,
    fsync: 'always',
    maxWaiting: 1,
    now: () => NOW + 5000
  })
  onTestFinished(() => engine.close())
  return engine
}

describe('a data directory of format 1', () => {
  it('is read as it was written, the store and the journal after it', async () => {
    const engine = await open(await fixture(1))
    const { streams } = await engine.listStreams({ prefix: '', limit: 10 })
    expect(streams.map(({ name, length, groups }) => [name, length, groups])).toEqual([
      ['empty', 0, 0],
      ['orders', 299, 1]
    ])
    const { signal } = new AbortController()
    const all = { ...ORDERS, from: 0n, to: MAX_ID, order: 'asc', limit: 1000, waitMs: 0 } as const
    const entries = await engine.listEntries(all, signal)
    const numbers = Array.from({ length: 300 }, (_, n) => n + 4).filter((n) => n !== 250)
    expect(entries.map((entry) => [formatId(entry.id), fieldsOf(entry.fields)])).toEqual(
      numbers.map((n) => [`${n}-0`, { n: `${n}`, name: 'Zoë 😀' }])
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
    expect((await engine.listConsumers(BILLING)).map(({ name }) => name)).toEqual(['ann', 'bob'])
  })

  it('is sound', async () => {
    const directory = await fixture(1)
    await (await open(directory)).close()
    expect(await checkDirectory(directory)).toMatchObject({ streams: 2, entries: 299, groups: 1, pending: 9 })
  })
})

describe('a data directory of another format', () => {
  it('is refused with both versions, and not changed', async () => {
    const directory = await fixture(1)
    const version = FORMAT_VERSION + 1
    const root = new ByteWriter(64).varint(version).varint(0).varint(1)
    const file = StoreFile.open(join(directory, 'store.mdb'), false)
    await file.transaction(async () => file.put(ROOT_KEY, root.slice(0, root.at)))
    await file.close()
    const refusal = {
      code: 'storage-failed',
      message: `The store has a root that cannot be read: it is of format ${version}, and this version of Weir reads format ${FORMAT_VERSION}`
    }
    await expect(open(directory)).rejects.toMatchObject(refusal)
    await expect(open(directory)).rejects.toMatchObject(refusal)
  })
})
