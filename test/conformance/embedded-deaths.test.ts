import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { temporaryDirectory } from '../support/weir.ts'
import { codeOfRefused, idsOf, SHORT_MS } from './fixtures.ts'
import { deadOf, nack, pendingTexts, until } from './policy-requests.ts'
import { append, claim, list, makeGroup, read } from './requests.ts'

const billing = { stream: 'orders', group: 'billing' }
const ann = { ...billing, consumer: 'ann' }
const bob = { ...billing, consumer: 'bob' }
const letters = { stream: 'letters' }

describe('entries of the embedded engine that should die, but whose dead-letter stream cannot be created,', () => {
  let now: number
  let engine: EmbeddedEngine
  let reports: string[]

  /** As many streams as may be exist already. 1-0 and 2-0 are pending with ann, without a delivery left. */
  beforeEach(async () => {
    now = 1_750_000_000_000
    reports = []
    engine = await openEmbeddedEngine({
      directory: await temporaryDirectory(),
      fsync: 'never',
      maxWaiting: 5,
      now: () => now,
      most: { streams: 2 },
      onDeathsBlocked: (error) => void reports.push(error.message)
    })
    onTestFinished(() => engine.close())
    await engine.ensureStream({ stream: 'bills', onlyNew: true })
    await append(engine, billing, '1-0', '2-0')
    const delivery = { ackTimeoutMs: SHORT_MS, maxDeliveries: 1, deadLetterStream: letters.stream }
    await makeGroup(engine, billing, { delivery })
    await read(engine, ann)
  })

  it('are not nacked, acked or claimed, because the request is refused as a whole', async () => {
    const before = await pendingTexts(engine, billing)
    expect(await codeOfRefused(nack(engine, billing, 'reject', ['1-0']))).toBe('limit-reached')
    expect(await codeOfRefused(nack(engine, billing, 'retry', ['1-0', '2-0']))).toBe('limit-reached')
    expect(await codeOfRefused(claim(engine, { ...bob, ids: ['1-0'] }))).toBe('limit-reached')
    const settling = read(engine, { ...ann, ack: ['1-0'], nack: [{ ids: ['2-0'], outcome: 'reject' }] })
    expect(await codeOfRefused(settling)).toBe('limit-reached')
    expect(await pendingTexts(engine, billing)).toEqual(before)
    expect(await deadOf(engine, billing)).toEqual([])
  })

  it('stay due and are not delivered, until there is room', async () => {
    now += SHORT_MS
    await until(async () => (await engine.status()).deathsBlocked !== undefined)
    expect(await read(engine, bob)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due ann×1', '2-0 due ann×1'])
    expect(reports).toHaveLength(1)
    expect(reports[0]).toBe((await engine.status()).deathsBlocked)
    await engine.deleteStream({ stream: 'bills' })
    await until(async () => {
      now += 100
      return (await pendingTexts(engine, billing)).length === 0
    })
    expect(await list(engine, letters)).toMatchObject([
      { fields: { 'weir.id': '1-0' } },
      { fields: { 'weir.id': '2-0' } }
    ])
    expect(await engine.status()).not.toHaveProperty('deathsBlocked')
    expect(await engine.status()).toMatchObject({ died: 2 })
  })

  it('do not hold back new entries, and may still be acked', async () => {
    now += SHORT_MS
    await until(async () => (await engine.status()).deathsBlocked !== undefined)
    await append(engine, billing, '3-0')
    expect(idsOf(await read(engine, bob))).toEqual(['3-0'])
    expect(await engine.ackEntries({ ...billing, ids: [1n << 64n, 2n << 64n] })).toMatchObject({ acked: 2 })
  })
})
