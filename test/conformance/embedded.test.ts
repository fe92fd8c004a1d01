import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { MAX_ID, MIN_ID } from '../../src/contract/entry-id.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { temporaryDirectory } from '../support/weir.ts'
import { engineContract } from './contract.ts'
import { fieldsJson, id, idsOf } from './fixtures.ts'
import { append, consumersOf, list, makeGroup, pending, read } from './requests.ts'
import type { TestEngine } from './test-context.ts'

engineContract('the embedded engine', open)

/** Tests that need to control the clock. */
describe('the embedded engine, after the clock was set back,', () => {
  const orders = { stream: 'orders' }
  const ann = { ...orders, group: 'billing', consumer: 'ann' }
  let opened: TestEngine

  beforeEach(async () => {
    opened = await open()
  })
  afterEach(() => opened.close())

  it('still generates greater ids', async () => {
    const { engine, elapse } = opened
    await append(engine, orders, '*')
    await elapse(-60_000)
    await append(engine, orders, '*', '*')
    await elapse(30_000)
    await append(engine, orders, '*')
    expect(idsOf(await list(engine, orders))).toEqual([0, 1, 2, 3].map((seq) => `${START_MS}-${seq}`))
  })

  it('never reports a negative idle time', async () => {
    const { engine, elapse } = opened
    await append(engine, orders, '1-0')
    await makeGroup(engine, ann)
    await read(engine, ann)
    await elapse(-60_000)
    const range = { from: 0n, to: 9n << 64n, limit: 10, minIdleMs: 0 }
    expect(await engine.listPending({ ...ann, ...range })).toMatchObject([{ idleMs: 0 }])
    expect(await consumersOf(engine, ann)).toMatchObject([{ idleMs: 0, inactiveMs: 0 }])
    expect(await read(engine, { ...ann, claimIdleMs: 0 })).toMatchObject([{ idleMs: 0 }])
    expect(await pending(engine, ann)).toMatchObject([{ deliveries: 2 }])
  })
})

describe('the embedded engine, when the wall clock jumps,', () => {
  const HOURS = 7_200_000
  const orders = { stream: 'orders' }
  const ann = { ...orders, group: 'billing', consumer: 'ann' }
  const bob = { ...ann, consumer: 'bob' }
  const range = { from: MIN_ID, to: MAX_ID, limit: 10, minIdleMs: 0 }
  let clocks: { wall: number; steady: number }
  let engine: EmbeddedEngine
  let directory: string

  const start = () => {
    const options = { directory, fsync: 'never', segmentBytes: 1 << 20, maxWaiting: 12 } as const
    return openEmbeddedEngine({ ...options, now: () => clocks.wall, steady: () => clocks.steady })
  }
  const elapse = (ms: number) => {
    clocks = { wall: clocks.wall + ms, steady: clocks.steady + ms }
  }

  /** An entry that has been pending with ann for a second. Tests then make the wall clock jump. */
  beforeEach(async () => {
    directory = await temporaryDirectory()
    clocks = { wall: START_MS, steady: START_MS }
    engine = await start()
    await append(engine, orders, '1-0')
    await makeGroup(engine, ann)
    await read(engine, ann)
    elapse(1000)
  })
  afterEach(() => engine.close())

  it.each([HOURS, -HOURS])('keeps all idle times after a jump by %i ms', async (jump) => {
    clocks.wall += jump
    expect(await engine.listPending({ ...ann, ...range })).toMatchObject([{ idleMs: 1000 }])
    expect(await consumersOf(engine, ann)).toMatchObject([{ idleMs: 1000, inactiveMs: 1000 }])
    expect(await engine.getGroup(ann)).toMatchObject({ oldestPendingMs: 1000 })
    expect((await engine.status(10)).groups).toMatchObject([{ oldestPendingMs: 1000 }])
    expect(await engine.listPending({ ...ann, ...range, minIdleMs: 1001 })).toEqual([])
    const claim = { ...bob, ids: [id('1-0')], justIds: true, force: false }
    expect(await engine.claimEntries({ ...claim, minIdleMs: 1001 })).toMatchObject({ entries: [] })
    expect(await read(engine, { ...bob, claimIdleMs: 1001 })).toEqual([])
    expect(await read(engine, { ...bob, claimIdleMs: 1000 })).toMatchObject([{ id: '1-0', idleMs: 1000 }])
  })

  it.each([HOURS, -HOURS])('shows and accepts times of the new clock after a jump by %i ms', async (jump) => {
    clocks.wall += jump
    const at = clocks.wall - 1000
    const described = async () => (await engine.describeStream({ ...orders, limit: 10 })).groups[0]
    expect(await described()).toMatchObject({
      pendingEntries: [{ deliveredAt: at }],
      consumers: [{ seenAt: at, activeAt: at, pendingEntries: [{ deliveredAt: at }] }]
    })
    const claim = { ...ann, ids: [id('1-0')], minIdleMs: 0, justIds: true, force: false }
    await engine.claimEntries({ ...claim, deliveredAt: clocks.wall - 5000 })
    expect(await engine.listPending({ ...ann, ...range })).toMatchObject([{ idleMs: 5000 }])
    expect(await described()).toMatchObject({ pendingEntries: [{ deliveredAt: clocks.wall - 5000 }] })
    await engine.claimEntries({ ...claim, deliveredAt: clocks.wall + 5000 })
    expect(await engine.listPending({ ...ann, ...range })).toMatchObject([{ idleMs: 0 }])
  })

  it.each([HOURS, -HOURS])('never shows a deliveredAt before 1970 after a jump by %i ms', async (jump) => {
    const claim = { ...ann, ids: [id('1-0')], minIdleMs: 0, justIds: true, force: false }
    await engine.claimEntries({ ...claim, idleMs: Number.MAX_SAFE_INTEGER })
    clocks.wall += jump
    const [group] = (await engine.describeStream({ ...orders, limit: 10 })).groups
    const deliveredAt = Math.max(0, jump)
    expect(group).toMatchObject({
      pendingEntries: [{ deliveredAt }],
      consumers: [{ pendingEntries: [{ deliveredAt }] }]
    })
  })

  it('generates ids from the new time', async () => {
    clocks.wall += HOURS
    await append(engine, orders, '*')
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', `${clocks.wall}-0`])
  })

  it('measures idle times across a restart by the wall clock', async () => {
    await engine.close()
    clocks = { wall: START_MS + HOURS, steady: START_MS + HOURS }
    engine = await start()
    expect(await engine.listPending({ ...ann, ...range })).toMatchObject([{ idleMs: HOURS }])
    expect(await consumersOf(engine, ann)).toMatchObject([{ idleMs: HOURS, inactiveMs: HOURS }])
  })

  it.each([HOURS, -HOURS])('keeps idle times after a jump by %i ms with its own clocks', async (jump) => {
    await engine.close()
    const options = { directory: await temporaryDirectory(), fsync: 'never', maxWaiting: 12 } as const
    engine = await openEmbeddedEngine(options)
    await append(engine, orders, '*')
    await makeGroup(engine, ann)
    await read(engine, ann)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump })
    onTestFinished(() => void vi.useRealTimers())
    const [pending] = await engine.listPending({ ...ann, ...range })
    expect(pending?.idleMs).toBeLessThan(HOURS / 2)
    expect(await read(engine, { ...bob, claimIdleMs: HOURS / 2 })).toEqual([])
    await vi.waitUntil(async () => (await engine.listPending({ ...ann, ...range, minIdleMs: 1 })).length > 0)
    const description = await engine.describeStream({ ...orders, limit: 10 })
    const at = description.groups[0]?.pendingEntries[0]?.deliveredAt ?? 0
    expect(Math.abs(at - Date.now())).toBeLessThan(HOURS / 2)
    await append(engine, orders, '*')
    const last = (await engine.getStream(orders)).lastId >> 64n
    if (jump > 0) expect(Math.abs(Number(last) - Date.now())).toBeLessThan(HOURS / 2)
  })
})

describe('the embedded engine', () => {
  it.each<[string, (engine: Engine) => Promise<bigint | undefined>]>([
    ['listEntries', async (engine) => (await engine.listEntries(FROM_NOW, NEVER)).next],
    ['readStreams', async (engine) => (await engine.readStreams(AFTER_LAST, NEVER))[0]?.next]
  ])('syncs the last id before an empty answer of %s shows it', async (_, read) => {
    const { engine, close } = await open()
    onTestFinished(close)
    await engine.ensureStream({ stream: 'orders', onlyNew: true })
    const appended = append(engine, { stream: 'orders' }, '1-0')
    expect(engine.unkeptBytes()).toBeGreaterThan(0)
    expect(await read(engine)).toBe(id('1-0'))
    expect(engine.unkeptBytes()).toBe(0)
    await appended
  })

  it('reports sizeBytes to the byte, as the length of the fields as JSON text', async () => {
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
const NEVER = new AbortController().signal
const FROM_NOW = { stream: 'orders', from: 'next', to: MAX_ID, order: 'asc', limit: 1, waitMs: 0 } as const
const AFTER_LAST = { streams: [{ stream: 'orders', after: 'last' }], count: 1, waitMs: 0 } as const

/** An engine in a new directory. Its clock moves only by `elapse`. */
async function open(): Promise<TestEngine> {
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
