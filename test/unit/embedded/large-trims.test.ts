import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BLOCK_ENTRIES } from '../../../src/embedded/core/block.ts'
import { NO_STORAGE } from '../../../src/embedded/core/no-storage.ts'
import type { StorageHooks } from '../../../src/embedded/core/storage-hooks.ts'
import { Streams } from '../../../src/embedded/core/streams.ts'
import { BLOCKS_AT_ONCE } from '../../../src/embedded/core/trim-plan.ts'
import { openEmbeddedEngine } from '../../../src/embedded/engine.ts'
import type { EmbeddedEngine, EmbeddedOptions } from '../../../src/embedded/options.ts'
import type { Step } from '../../../src/embedded/step.ts'
import { codeOfRefused, entry, fieldsJson, idsFrom, shown } from '../../conformance/fixtures.ts'
import { append, list } from '../../conformance/requests.ts'
import { Core } from '../../support/core.ts'

const orders = { stream: 'orders' }
/** The number of entries that one change of a trim removes if blocks are full. */
const AT_ONCE = BLOCKS_AT_ONCE * BLOCK_ENTRIES
const ENTRIES = 40_000

describe('one change', () => {
  it('of a trim removes a bounded number of blocks, however large the trim', () => {
    const { core, dropped } = countingCore()
    for (const trim of [
      { maxLength: 5 },
      { minId: BigInt(ENTRIES - 4) << 64n },
      { maxLength: 0, approximate: true }
    ]) {
      fill(core)
      const steps: number[] = []
      for (let count = core.trim(trim); count > 0; count = core.trim(trim)) {
        steps.push(count)
        expect(dropped.splice(0).length).toBeLessThanOrEqual(BLOCKS_AT_ONCE)
      }
      expect(steps).toHaveLength(Math.ceil(ENTRIES / AT_ONCE))
      const stream = core.streams.stream(orders)
      expect(stream.length).toBeLessThan(6)
      core.streams.apply({ kind: 'streamDeleted', stream: 'orders' })
      while (core.streams.letGo());
      dropped.splice(0)
    }
  })

  it('of a trim removes a bounded number of bytes, so that it reads no more', () => {
    const core = new Core()
    const fields = fieldsJson({ body: 'x'.repeat(1 << 20) })
    const entries = Array.from({ length: 12 }, (_, n) => ({ id: BigInt(n + 1) << 64n, fields }))
    core.streams.apply({ kind: 'streamCreated', stream: 'orders' })
    core.streams.apply({ kind: 'appended', stream: 'orders', entries })
    expect([core.trim({ maxLength: 1 }), core.trim({ maxLength: 1 }), core.trim({ maxLength: 1 })]).toEqual([
      4, 4, 3
    ])
  })

  it('of an approximate trim never removes more than its limit', () => {
    const { core } = countingCore()
    fill(core)
    expect(core.trim({ maxLength: 0, approximate: true, limit: 300 })).toBe(2 * BLOCK_ENTRIES)
  })

  it('from an older journal is applied as a whole', () => {
    const { core } = countingCore()
    fill(core)
    core.streams.apply({ kind: 'trimmedV1', stream: 'orders', count: ENTRIES - 3 })
    expect(core.streams.stream(orders)).toMatchObject({ length: 3, firstId: BigInt(ENTRIES - 2) << 64n })
  })

  it('that deletes a stream drops no blocks, which are then released in batches', () => {
    const { core, dropped } = countingCore()
    fill(core)
    core.streams.apply({ kind: 'streamDeleted', stream: 'orders' })
    expect(core.streams.has('orders')).toBe(false)
    expect(dropped).toEqual([])
    let steps = 0
    for (let hasMore = true; hasMore; steps++) {
      hasMore = core.streams.letGo()
      expect(dropped.splice(0).length).toBeLessThanOrEqual(128)
    }
    expect(steps).toBeGreaterThanOrEqual(Math.floor(ENTRIES / BLOCK_ENTRIES / 128))
    expect(core.streams.letGo()).toBe(false)
  })
})

describe('a large trim', () => {
  it('is answered when it is complete, and lets other requests run meanwhile', async () => {
    const commits = { count: 0 }
    const engine = await filledEngine({ onStep: (step) => void (step === 'appended' && commits.count++) })
    commits.count = 0
    const answer = engine.trimStream({ ...orders, trim: { maxLength: 10, approximate: false } })
    const lengths: number[] = []
    let isDone = false
    const done = answer.then(() => {
      isDone = true
    })
    while (!isDone) {
      await setImmediate()
      lengths.push((await engine.getStream(orders)).length)
    }
    await done
    expect(await answer).toBe(ENTRIES - 10)
    expect(commits.count).toBe(3)
    expect(new Set(lengths).size).toBeGreaterThan(1)
    expect(shown((await engine.getStream(orders)).firstId)).toBe(`${ENTRIES - 9}-0`)
  })

  it('in an append is complete when the append is answered', async () => {
    const engine = await filledEngine()
    const request = { ...orders, createStream: true, entries: [{ fields: fieldsJson({ order: 'x' }) }] }
    await engine.appendEntries({ ...request, trim: { maxLength: 3, approximate: false } })
    expect((await engine.getStream(orders)).length).toBe(3)
  })

  it('is done in part if the process dies in the middle', async () => {
    const [directory, copy] = [await temporaryDirectory(), await temporaryDirectory()]
    let remaining = Number.POSITIVE_INFINITY
    const onStep = (step: Step) => {
      if (step !== 'appended' || --remaining > 0) return
      remaining = Number.POSITIVE_INFINITY
      cpSync(directory, copy, { recursive: true, filter: isNotSocket })
    }
    const engine = await opened(directory, { onStep })
    await fillEngine(engine)
    remaining = 3
    await engine.trimStream({ ...orders, trim: { maxLength: 10, approximate: false } })
    const after = await opened(copy)
    const { length } = await after.getStream(orders)
    expect([ENTRIES - AT_ONCE, ENTRIES - 2 * AT_ONCE]).toContain(length)
    const first = `${ENTRIES - length + 1}-0`
    expect(await list(after, { ...orders, limit: 1 })).toEqual([entry(first)])
  })
})

describe('a deleted stream', () => {
  it('no longer exists at once, and its memory is freed', async () => {
    const engine = await filledEngine()
    const before = (await engine.status()).storage?.memoryBytes ?? 0
    expect(before).toBeGreaterThan(1 << 20)
    await engine.deleteStream(orders)
    expect(await codeOfRefused(engine.getStream(orders))).toBe('stream-not-found')
    await append(engine, orders, '1-0')
    expect(await list(engine, orders)).toEqual([entry('1-0')])
    await vi.waitUntil(async () => (await engine.status()).storage?.memoryBytes === 0, { interval: 1 })
    expect(await list(engine, orders)).toEqual([entry('1-0')])
  })
})

/** A core that records each dropped block. */
function countingCore(): { core: Core; dropped: unknown[] } {
  const dropped: unknown[] = []
  const tracker = { ...NO_STORAGE.tracker, blockDropped: (block: unknown) => void dropped.push(block) }
  const hooks: StorageHooks = { ...NO_STORAGE, tracker }
  return { core: new Core(new Streams(hooks)), dropped }
}

function fill(core: Core): void {
  for (let from = 1; from <= ENTRIES; from += 1000) core.append(idsFrom(from, from + 999))
}

async function filledEngine(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedEngine> {
  const engine = await opened(await temporaryDirectory(), options)
  await fillEngine(engine)
  return engine
}

async function fillEngine(engine: EmbeddedEngine): Promise<void> {
  for (let from = 1; from <= ENTRIES; from += 1000) await append(engine, orders, ...idsFrom(from, from + 999))
}

async function opened(directory: string, options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 10, ...options })
  onTestFinished(() => engine.close())
  return engine
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'weir-trims-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The control socket cannot be copied. */
function isNotSocket(file: string): boolean {
  return path.basename(file) !== 'door'
}
