import { expect } from 'vitest'
import { formatId, idMs, idSeq, MAX_ID, MAX_SEQ } from '../../../src/contract/entry-id.ts'
import { codeOfRefused, id, idsOf, refusal, shown } from '../fixtures.ts'
import { append, appendOne, list } from '../requests.ts'
import type { It } from '../test-context.ts'

/** A millisecond in the far future, too large for a double. */
const FUTURE_MS = 9_007_199_254_740_993n

/** The ids of appended entries: complete in the request, with a millisecond only, or chosen by the engine. */
export function entryIds(it: It): void {
  it('uses the time of the append for an entry without an id', async ({ engine, orders, elapse }) => {
    const first = id(await appendOne(engine, orders, '*'))
    await elapse(20)
    const second = id(await appendOne(engine, orders, '*'))
    expect(idMs(second) - idMs(first)).toBeGreaterThanOrEqual(20n)
    expect(idSeq(second)).toBe(0n)
  })

  it('generates ascending ids for any number of entries in a millisecond', async ({ engine, orders }) => {
    const first = await append(engine, orders, ...new Array<string>(200).fill('*'))
    const last = id(await appendOne(engine, orders, '*'))
    const all = [...first.map(id), last]
    expect(all.every((one, index) => index === 0 || one > (all[index - 1] ?? one))).toBe(true)
    expect(idsOf(await list(engine, orders))).toEqual(shown(all))
  })

  it('generates different ids for simultaneous appends, in the order of their arrival', async (context) => {
    const { engine, orders } = context
    const appends = Array.from({ length: 50 }, () => appendOne(engine, orders, '*'))
    const ids = await Promise.all(appends)
    expect(idsOf(await list(engine, orders))).toEqual(ids)
    expect(new Set(ids).size).toBe(50)
  })

  it('continues from a last id that is ahead of the clock', async ({ engine, orders }) => {
    await append(engine, orders, `${FUTURE_MS}-5`)
    expect(await append(engine, orders, '*', '*')).toEqual([`${FUTURE_MS}-6`, `${FUTURE_MS}-7`])
  })

  it('continues in the next millisecond when the sequence numbers of one are exhausted', async (context) => {
    const { engine, orders } = context
    await append(engine, orders, `${FUTURE_MS}-${MAX_SEQ}`)
    expect(await appendOne(engine, orders, '*')).toBe(`${FUTURE_MS + 1n}-0`)
  })

  it('accepts complete ids', async ({ engine, orders }) => {
    expect(await append(engine, orders, '1-1', '1-2', '5-0')).toEqual(['1-1', '1-2', '5-0'])
    expect(idsOf(await list(engine, orders))).toEqual(['1-1', '1-2', '5-0'])
  })

  it('orders ids as pairs of 64-bit numbers', async ({ engine, orders }) => {
    const ascending = ['9-9', '9-10', '10-0', `10-${MAX_SEQ}`, '9007199254740993-0', `${MAX_SEQ}-0`]
    for (const one of ascending) await append(engine, orders, one)
    expect(idsOf(await list(engine, orders))).toEqual(ascending)
  })

  it('chooses the next sequence number for an id with only a millisecond', async ({ engine, orders }) => {
    expect(await append(engine, orders, '7-*', '7-*')).toEqual(['7-0', '7-1'])
    expect(await append(engine, orders, '7-5', '7-*', '8-*')).toEqual(['7-5', '7-6', '8-0'])
  })

  it('never generates 0-0, not even as the first id of its millisecond', async ({ engine, orders }) => {
    expect(await append(engine, orders, '0-*', '0-*')).toEqual(['0-1', '0-2'])
  })

  it('continues after a complete id of the same request', async ({ engine, orders }) => {
    expect(await append(engine, orders, `${FUTURE_MS}-0`, '*', `${FUTURE_MS}-*`)).toEqual([
      `${FUTURE_MS}-0`,
      `${FUTURE_MS}-1`,
      `${FUTURE_MS}-2`
    ])
  })

  it('refuses 0-0 and creates no stream', async ({ engine, orders }) => {
    expect(await refusal(engine, orders, () => append(engine, orders, '0-0'))).toBe('id-not-greater')
    expect(await codeOfRefused(engine.getStream(orders))).toBe('stream-not-found')
  })

  it('refuses ids that are not greater than the last id', async ({ engine, orders }) => {
    await append(engine, orders, '5-5')
    for (const low of ['5-5', '5-4', '4-9', '0-1', '0-0', '4-*', '0-*']) {
      expect(await refusal(engine, orders, () => append(engine, orders, low))).toBe('id-not-greater')
    }
  })

  it('refuses ids that are not greater than a last id that was deleted or trimmed', async ({
    engine,
    orders
  }) => {
    await append(engine, orders, '1-0', '5-0')
    await engine.deleteEntries({ ...orders, ids: [id('5-0')] })
    expect(await refusal(engine, orders, () => append(engine, orders, '5-0'))).toBe('id-not-greater')
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    expect(await refusal(engine, orders, () => append(engine, orders, '4-0'))).toBe('id-not-greater')
    expect(await append(engine, orders, '5-*')).toEqual(['5-1'])
  })

  it('starts afresh after the stream was deleted', async ({ engine, orders }) => {
    await append(engine, orders, '5-0')
    await engine.deleteStream(orders)
    expect(await append(engine, orders, '1-0')).toEqual(['1-0'])
  })

  it('refuses a millisecond whose sequence numbers are exhausted', async ({ engine, orders }) => {
    await append(engine, orders, `7-${MAX_SEQ}`)
    expect(await refusal(engine, orders, () => append(engine, orders, '7-*'))).toBe('ids-exhausted')
    expect(await append(engine, orders, '8-*')).toEqual(['8-0'])
  })

  it('generates the last possible id, and then refuses every other', async ({ engine, orders }) => {
    const last = formatId(MAX_ID)
    await append(engine, orders, formatId(MAX_ID - 1n))
    expect(await appendOne(engine, orders, '*')).toBe(last)
    for (const one of ['*', last, '5-0', '5-*', `${MAX_SEQ}-*`]) {
      expect(await refusal(engine, orders, () => append(engine, orders, one))).toBe('ids-exhausted')
    }
  })
}
