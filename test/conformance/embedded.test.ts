import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { engineContract, type Opened } from './contract.ts'
import { fieldsJson, idsOf } from './fixtures.ts'
import { append, list, makeGroup, pending, read } from './requests.ts'

engineContract('the embedded engine', open)

/** What only a clock in the hands of the test can show. */
describe('the embedded engine, when the clock goes back', () => {
  const orders = { stream: 'orders' }
  const ann = { ...orders, group: 'billing', consumer: 'ann' }
  let opened: Opened

  beforeEach(async () => {
    opened = await open()
  })
  afterEach(() => opened.close())

  it('gives greater ids all the same', async () => {
    const { engine, elapse } = opened
    await append(engine, orders, '*')
    await elapse(-60_000)
    await append(engine, orders, '*', '*')
    await elapse(30_000)
    await append(engine, orders, '*')
    expect(idsOf(await list(engine, orders))).toEqual([0, 1, 2, 3].map((seq) => `${START_MS}-${seq}`))
  })

  it('calls nothing and nobody idle for less than no time', async () => {
    const { engine, elapse } = opened
    await append(engine, orders, '1-0')
    await makeGroup(engine, ann)
    await read(engine, ann)
    await elapse(-60_000)
    const range = { from: 0n, to: 9n << 64n, limit: 10, minIdleMs: 0 }
    expect(await engine.listPending({ ...ann, ...range })).toMatchObject([{ idleMs: 0 }])
    expect(await engine.listConsumers(ann)).toMatchObject([{ idleMs: 0, inactiveMs: 0 }])
    expect(await read(engine, { ...ann, claimIdleMs: 0 })).toMatchObject([{ idleMs: 0 }])
    expect(await pending(engine, ann)).toMatchObject([{ deliveries: 2 }])
  })
})

describe('the embedded engine', () => {
  it('tells the size of entries to the byte, as the JSON text of their fields', async () => {
    const { engine, close } = await open()
    onTestFinished(close)
    const orders = { stream: 'orders' }
    const size = async () => (await engine.getStream(orders)).sizeBytes
    await engine.ensureStream({ ...orders, onlyNew: true })
    expect(await size()).toBe(0)
    const fields = fieldsJson({ name: 'Zoë 😀' })
    expect(fields).toHaveLength('{"name":"Zo__ ____"}'.length)
    const append = (count: number) =>
      engine.appendEntries({ ...orders, createStream: false, entries: Array(count).fill({ fields }) })
    const [first = 0n] = await append(300)
    expect(await size()).toBe(300 * fields.length)
    await engine.deleteEntries({ ...orders, ids: [first + 1n, first + 200n] })
    expect(await size()).toBe(298 * fields.length)
    await engine.trimStream({ ...orders, trim: { maxLength: 100, approximate: false } })
    expect(await size()).toBe(100 * fields.length)
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    await engine.setStreamId({ ...orders, lastId: first + 250n })
    expect(await size()).toBe(0)
    await append(1)
    expect(await size()).toBe(fields.length)
  })
})

const START_MS = 1_750_000_000_000

/** An engine in a directory of its own, whose clock moves only when it is told to. */
async function open(): Promise<Opened> {
  const directory = await mkdtemp(path.join(tmpdir(), 'weir-conformance-'))
  const maxWaiting = 12
  const maxWaitingPlaces = 24
  let now = START_MS
  const options = {
    directory,
    fsync: 'never',
    segmentBytes: 1 << 20,
    maxWaiting,
    maxWaitingPlaces,
    now: () => now
  } as const
  const engine = await openEmbeddedEngine(options)
  return {
    engine,
    maxWaiting,
    maxWaitingPlaces,
    spanMs: 30,
    async elapse(ms) {
      now += ms
    },
    async close() {
      await engine.close().finally(() => rm(directory, { recursive: true }))
    }
  }
}
