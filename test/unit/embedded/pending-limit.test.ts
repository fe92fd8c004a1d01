import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openEmbeddedEngine } from '../../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../../src/embedded/options.ts'
import { codeOfRefused, idsOf, LONG_MS, parked } from '../../conformance/fixtures.ts'
import { append, deliver, entriesOf, makeGroup, pending, read } from '../../conformance/requests.ts'

const orders = { stream: 'orders' }
const ann = { ...orders, group: 'billing', consumer: 'ann' }
const bob = { ...orders, group: 'audit', consumer: 'bob' }

describe('waiting readers, when the limit on pending entries is reached,', () => {
  let engine: EmbeddedEngine

  beforeEach(async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'weir-limit-'))
    engine = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 10, most: { pending: 2 } })
    onTestFinished(() => engine.close().finally(() => rm(directory, { recursive: true })))
    await makeGroup(engine, ann)
    await makeGroup(engine, bob)
  })

  it('keep waiting without writing to the journal, and are served when acks make room', async () => {
    await append(engine, orders, '1-0', '2-0')
    await read(engine, ann)
    await engine.updateGroup({ ...bob, after: 'last' })
    const first = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    const second = await parked(engine, () => read(engine, { ...ann, waitMs: LONG_MS }))
    await append(engine, orders, '3-0', '4-0')
    const { journalBytes } = (await engine.status()).storage ?? { journalBytes: 0 }
    expect(await codeOfRefused(read(engine, { ...bob, waitMs: LONG_MS }))).toBe('limit-reached')
    expect((await engine.status()).waiting).toBe(2)
    expect((await engine.status()).storage?.journalBytes).toBe(journalBytes)
    await engine.ackEntries({ ...ann, ids: [1n << 64n] })
    expect(idsOf(await Promise.race([first.answer, second.answer]))).toEqual(['3-0'])
    expect(await engine.status()).toMatchObject({ waiting: 1, counts: { pending: 2 } })
    await engine.ackEntries({ ...ann, ids: [2n << 64n] })
    for (const { answer } of [first, second]) expect(idsOf(await answer)).toEqual(['3-0'])
  })

  it('are served one after the other when the deletion of a group makes room for all', async () => {
    await append(engine, orders, '1-0', '2-0')
    await read(engine, ann)
    const cid = { ...orders, group: 'cleaning', consumer: 'cid' }
    await makeGroup(engine, cid, { after: 'last' })
    await engine.updateGroup({ ...bob, after: 'last' })
    const waiting = [
      await parked(engine, () => read(engine, { ...bob, count: 1, waitMs: LONG_MS })),
      await parked(engine, () => read(engine, { ...cid, count: 1, waitMs: LONG_MS }))
    ]
    await append(engine, orders, '3-0')
    expect((await engine.status()).waiting).toBe(2)
    await engine.deleteGroup({ ...ann, dropPending: true })
    for (const { answer } of waiting) expect(idsOf(await answer)).toEqual(['3-0'])
  })

  it('receive returned entries, which already count as pending', async () => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    const delivery = await deliver(engine, ann)
    expect(entriesOf(delivery)).toHaveLength(2)
    delivery.undo()
    expect((await engine.status()).counts).toMatchObject({ pending: 2 })
    expect(idsOf(await read(engine, ann))).toEqual(['1-0', '2-0'])
    expect(await codeOfRefused(read(engine, bob))).toBe('limit-reached')
    expect(await pending(engine, ann)).toHaveLength(2)
  })
})
