import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MAX_ID } from '../../src/contract/entry-id.ts'
import { EngineError } from '../../src/contract/errors.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { fieldsJson } from '../support/core.ts'
import { until } from '../support/http.ts'
import { temporaryDirectory } from '../support/weir.ts'

const MIB = 1024 ** 2
const ORDERS = { stream: 'orders' }
const BILLING = { ...ORDERS, group: 'billing' }
const { signal } = new AbortController()

/** A file system of this size, which is unmounted when the test is over. Only root can mount one. */
async function smallDisk(bytes: number): Promise<string> {
  const directory = await temporaryDirectory()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'weir-test', directory])
  onTestFinished(() => void execFileSync('umount', ['-l', directory]))
  return directory
}

/** Fills all the space that is left. Returns a function that frees it. */
function fill(disk: string): () => void {
  const balloon = join(disk, 'balloon')
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(balloon, Buffer.alloc(bavail * bsize))
  return () => rmSync(balloon)
}

function append(engine: EmbeddedEngine, count = 50): Promise<bigint[]> {
  const entries = Array.from({ length: count }, () => ({ fields: fieldsJson({ padding: 'x'.repeat(1000) }) }))
  return engine.appendEntries({ ...ORDERS, createStream: true, entries })
}

/** Appends until the disk is full. Returns the ids of the entries. */
async function appendUntilFull(engine: EmbeddedEngine, count?: number): Promise<bigint[]> {
  const ids: bigint[] = []
  for (;;) {
    try {
      for (const id of await append(engine, count)) ids.push(id)
    } catch (error) {
      expect(error).toMatchObject({ code: 'storage-full' })
      return ids
    }
  }
}

const isRoot = process.getuid?.() === 0

describe.skipIf(!isRoot && !process.env['CI'])('a full disk (needs root, to mount a file system)', () => {
  it('refuses appends without side effects and allows reads and acks, until space is freed', async () => {
    const disk = await smallDisk(24 * MIB)
    const checkpoints: (Error | undefined)[] = []
    const options = {
      directory: join(disk, 'data'),
      fsync: 'always',
      maxWaiting: 10,
      segmentBytes: MIB,
      reserveBytes: MIB / 4,
      everyBytes: 2 * MIB,
      everyMs: 200,
      onCheckpoint: ({ error }: { error?: Error }) => void checkpoints.push(error)
    } as const
    const engine = await openEmbeddedEngine(options)
    let isOpen = true
    onTestFinished(() => (isOpen ? engine.close() : undefined))
    await append(engine)
    await engine.ensureGroup({ ...BILLING, after: 0n, createStream: false, onlyNew: false })
    const makeSpace = fill(disk)

    const ids = await appendUntilFull(engine)
    const { lastId, length } = await engine.getStream(ORDERS)
    expect([lastId, length]).toEqual([ids.at(-1) ?? lastId, ids.length + 50])
    const read = {
      group: 'billing',
      streams: [ORDERS],
      consumer: 'ann',
      count: 100,
      waitMs: 0,
      noAck: false
    }
    const delivery = await engine.readGroups(read, signal)
    const delivered = delivery.streams[0]?.entries.map((entry) => entry.id) ?? []
    expect(delivered).toHaveLength(Math.min(100, length))
    expect(await engine.ackEntries({ ...BILLING, ids: delivered })).toMatchObject({ acked: delivered.length })
    expect((await engine.status()).ready).toBe(true)

    makeSpace()
    const [next = 0n] = await until(() =>
      append(engine).catch((error: unknown) => {
        if (!(error instanceof EngineError)) throw error
        return undefined
      })
    )
    expect(next > lastId).toBe(true)
    const before = checkpoints.length
    await until(async () => checkpoints.slice(before).includes(undefined))
    expect((await engine.status()).storage?.checkpointError).toBeUndefined()

    const all = { ...ORDERS, from: 0n, to: MAX_ID, order: 'asc', limit: 100_000, waitMs: 0 } as const
    const entries = await engine.listEntries(all, signal)
    const group = await engine.getGroup(BILLING)
    await engine.close()
    isOpen = false
    const reopened = await openEmbeddedEngine(options)
    onTestFinished(() => reopened.close())
    expect(await reopened.listEntries(all, signal)).toEqual(entries)
    expect(await reopened.getGroup(BILLING)).toEqual(group)
  })

  it('leaves entries due that should move to a dead-letter stream, until space is freed', async () => {
    const disk = await smallDisk(24 * MIB)
    const blocked: Error[] = []
    let now = Date.now()
    const engine = await openEmbeddedEngine({
      directory: join(disk, 'data'),
      fsync: 'always',
      maxWaiting: 10,
      segmentBytes: MIB,
      reserveBytes: MIB / 4,
      everyBytes: 2 * MIB,
      everyMs: 200,
      now: () => now,
      onDeathsBlocked: (error) => void blocked.push(error)
    })
    onTestFinished(() => engine.close())
    const [first = 0n, second = 0n] = await append(engine)
    const delivery = { ackTimeoutMs: 100, maxDeliveries: 1, deadLetterStream: 'letters' }
    const options = { after: 0n, createStream: false, onlyNew: true, delivery }
    await engine.ensureGroup({ ...BILLING, ...options })
    const read = { group: 'billing', streams: [ORDERS], consumer: 'ann', count: 2, waitMs: 0, noAck: false }
    await engine.readGroups(read, signal)
    const makeSpace = fill(disk)
    await appendUntilFull(engine)
    await appendUntilFull(engine, 1)

    const nack = { ...BILLING, ids: [first], outcome: 'reject' } as const
    await expect(engine.nackEntries(nack)).rejects.toMatchObject({ code: 'storage-full' })
    now += 100
    await until(async () => (await engine.status()).deathsBlocked !== undefined)
    const range = { from: 0n, to: MAX_ID, limit: 10, minIdleMs: 0 }
    const held = await engine.listPending({ ...BILLING, ...range })
    expect(held.map(({ id, state }) => [id, state])).toEqual([
      [first, 'due'],
      [second, 'due']
    ])
    expect(blocked).toMatchObject([{ code: 'storage-full' }])

    makeSpace()
    now += 1000
    await until(async () => {
      now += 1000
      return (await engine.status()).died === 2
    })
    expect(await engine.getStream({ stream: 'letters' })).toMatchObject({ length: 2 })
    expect(await engine.getGroup(BILLING)).toMatchObject({ pending: 0, dead: 0 })
    await until(async () => (await engine.status()).deathsBlocked === undefined)
  })

  it('makes a checkpoint fail without losing changes, and a later checkpoint succeeds', async () => {
    const disk = await smallDisk(24 * MIB)
    const checkpoints: (Error | undefined)[] = []
    const directory = join(disk, 'data')
    const sizes = { segmentBytes: 8 * MIB, reserveBytes: MIB / 4, everyBytes: 4 * MIB, everyMs: 100 }
    const onCheckpoint = ({ error }: { error?: Error }) => void checkpoints.push(error)
    const options = { directory, fsync: 'always', maxWaiting: 10, ...sizes, onCheckpoint } as const
    const engine = await openEmbeddedEngine(options)
    onTestFinished(() => engine.close())
    await append(engine)
    await until(async () => checkpoints.includes(undefined))
    const makeSpace = fill(disk)
    // The journal has reserved more space than the store can still get.
    for (let batch = 0; batch < 20; batch++) await append(engine)
    await until(async () => checkpoints.some((error) => error !== undefined))
    expect((await engine.status()).storage?.checkpointError).toBeDefined()
    expect((await engine.status()).ready).toBe(true)
    expect((await engine.getStream(ORDERS)).length).toBe(21 * 50)
    makeSpace()
    const before = checkpoints.length
    await until(async () => checkpoints.slice(before).includes(undefined))
    expect((await engine.status()).storage?.checkpointError).toBeUndefined()
    expect((await engine.getStream(ORDERS)).length).toBe(21 * 50)
  })
})
