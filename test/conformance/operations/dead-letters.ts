import { expect } from 'vitest'
import { DEATH_REASONS, LETTER_FIELDS } from '../../../src/contract/delivery-policy.ts'
import { fieldsJson, idsFrom, idsOf, LONG_MS, parked, stateOf } from '../fixtures.ts'
import { deadOf, lettersOf, nack, ordersWith, until, untilNonePending } from '../policy-requests.ts'
import { append, claim, list, makeGroup, pending, read } from '../requests.ts'
import { IDLE_MS } from '../situations.ts'
import type { It, TestContext } from '../test-context.ts'

/** `deadLetterStream`: where entries go when they die. */
export function deadLetters(it: It): void {
  it('have the fields of their entry, and fields that show its origin', async (context) => {
    const { engine, orders, billing, ann } = context
    await withLetters(context, {}, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['1-0'], { reason: 'no such customer' })
    const [letter, ...others] = await lettersIn(context)
    expect(letter).toEqual({
      order: '1-0',
      [LETTER_FIELDS.stream]: orders.stream,
      [LETTER_FIELDS.group]: billing.group,
      [LETTER_FIELDS.id]: '1-0',
      [LETTER_FIELDS.deliveries]: '1',
      [LETTER_FIELDS.consumer]: 'ann',
      [LETTER_FIELDS.reason]: 'no such customer',
      [LETTER_FIELDS.deadAt]: expect.stringMatching(/^\d+$/)
    })
    expect(others).toEqual([])
  })

  it('are no longer in a list of the group, while the entry stays in its stream', async (context) => {
    const { engine, orders, billing, ann, bob } = context
    await withLetters(context, {}, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['1-0', '2-0'])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, delayed: 0, dead: 0, lag: 0 })
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await pending(engine, billing)).toEqual([])
    expect(await read(engine, bob)).toEqual([])
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', '2-0'])
    expect(await nack(engine, billing, 'reject', ['1-0'])).toMatchObject({ nacked: 0 })
    await engine.deleteGroup({ ...billing, dropPending: false })
    expect(await lettersIn(context)).toHaveLength(2)
  })

  it('do not contain an unknown reason or consumer', async (context) => {
    const { engine, billing, ann } = context
    await withLetters(context, {}, '1-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'])
    await nack(engine, billing, 'reject', ['1-0'])
    const [letter] = await lettersIn(context)
    expect(letter).toMatchObject({ [LETTER_FIELDS.id]: '1-0', [LETTER_FIELDS.deliveries]: '1' })
    expect(letter).not.toHaveProperty([LETTER_FIELDS.reason])
    expect(letter).not.toHaveProperty([LETTER_FIELDS.consumer])
  })

  it('are created by each kind of death', async (context) => {
    const { engine, billing, ann, bob } = context
    await withLetters(context, { maxDeliveries: 1 }, '1-0', '2-0', '3-0')
    await read(engine, ann)
    await nack(engine, billing, 'retry', ['1-0'], { reason: 'failed' })
    await claim(engine, { ...bob, ids: ['2-0'] })
    await read(engine, { ...ann, after: '0-0' })
    const letters = await lettersIn(context)
    expect(letters.map((one) => [one[LETTER_FIELDS.id], one[LETTER_FIELDS.reason]])).toEqual([
      ['1-0', 'failed'],
      ['2-0', DEATH_REASONS.claimed],
      ['3-0', DEATH_REASONS.reread]
    ])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 0 })
  })

  it('are created when a last lease ends, although nobody reads', async (context) => {
    const { engine, billing, ann, elapse, spanMs } = context
    await withLetters(context, { ackTimeoutMs: spanMs, maxDeliveries: 1 }, '1-0', '2-0')
    await read(engine, ann)
    await elapse(spanMs)
    await untilNonePending(engine, billing)
    await until(async () => (await lettersIn(context)).length === 2)
    for (const letter of await lettersIn(context))
      expect(letter).toMatchObject({ [LETTER_FIELDS.reason]: DEATH_REASONS.timeout })
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 0 })
  })

  it('are created once for each entry that dies in one request', async (context) => {
    const { engine, orders, billing, ann } = context
    const all = idsFrom(1, 300)
    await append(engine, orders, ...all)
    await withLetters(context, {})
    await read(engine, { ...ann, count: 300 })
    expect(await nack(engine, billing, 'reject', all)).toEqual({ nacked: 300, notPending: [] })
    const letters = await lettersIn(context)
    expect(letters.map((one) => one[LETTER_FIELDS.id])).toEqual(all)
    const ids = idsOf(await list(engine, lettersOf(orders)))
    expect(new Set(ids).size).toBe(300)
  })

  it('keep names and values of any characters', async (context) => {
    const { engine, orders, billing, ann } = context
    const fields = { größe: '"😀"\n\\', '': '', ' a b ': '\u0000', __proto: '{}' }
    await engine.appendEntries({
      ...orders,
      createStream: true,
      entries: [{ fields: fieldsJson(fields) }]
    })
    await withLetters(context, {})
    const [entry] = await read(engine, ann)
    await nack(engine, billing, 'reject', [entry?.id ?? ''], { reason: '"größe"\n' })
    expect(await lettersIn(context)).toMatchObject([{ ...fields, [LETTER_FIELDS.reason]: '"größe"\n' }])
  })

  it('create their stream, and create it again if it was deleted', async (context) => {
    const { engine, orders, billing, ann } = context
    const letters = lettersOf(orders)
    await withLetters(context, {}, '1-0', '2-0')
    await read(engine, ann)
    expect(await stateOf(engine, letters)).toBe('stream-not-found')
    await nack(engine, billing, 'reject', ['1-0'])
    expect(await lettersIn(context)).toMatchObject([{ order: '1-0' }])
    await engine.deleteStream(letters)
    await nack(engine, billing, 'reject', ['2-0'])
    expect(await lettersIn(context)).toMatchObject([{ order: '2-0' }])
  })

  it('are appended after the entries of their stream, and trimmed to its length', async (context) => {
    const { engine, orders, billing, ann } = context
    const letters = lettersOf(orders)
    await append(engine, letters, '5-0', '6-0')
    await withLetters(context, { deadLetterMaxLength: 3 }, '1-0', '2-0', '3-0', '4-0')
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['1-0', '2-0'])
    expect(idsOf(await list(engine, letters))[0]).toBe('6-0')
    expect((await lettersIn(context)).map(({ order }) => order)).toEqual(['6-0', '1-0', '2-0'])
    await nack(engine, billing, 'reject', ['3-0', '4-0'])
    expect((await lettersIn(context)).map(({ order }) => order)).toEqual(['2-0', '3-0', '4-0'])
    expect(await engine.getStream(letters)).toMatchObject({ length: 3, entriesAdded: 6 })
  })

  it('are trimmed even if a single request creates more than the stream may hold', async (context) => {
    const { engine, orders, billing, ann } = context
    const all = idsFrom(1, 400)
    await append(engine, orders, ...all)
    await withLetters(context, { deadLetterMaxLength: 1 })
    await read(engine, { ...ann, count: 400 })
    await nack(engine, billing, 'reject', all)
    expect((await lettersIn(context)).map(({ order }) => order)).toEqual(['400-0'])
  })

  it('wake readers of their stream and of its groups', async (context) => {
    const { engine, orders, billing, ann } = context
    const letters = lettersOf(orders)
    const sweeper = { ...letters, group: 'sweeper', consumer: 'zoe' }
    await makeGroup(engine, sweeper)
    await withLetters(context, {}, '1-0')
    await read(engine, ann)
    const listing = await parked(engine, () => list(engine, { ...letters, waitMs: LONG_MS }))
    const reading = await parked(engine, () => read(engine, { ...sweeper, waitMs: LONG_MS }))
    await nack(engine, billing, 'reject', ['1-0'])
    expect(await listing.answer).toMatchObject([{ fields: { order: '1-0' } }])
    expect(await reading.answer).toMatchObject([{ fields: { order: '1-0' }, deliveries: 1 }])
  })

  it('of several groups and streams share a stream', async (context) => {
    const { engine, orders, billing, ann } = context
    const abroad = { ...billing, stream: `{${orders.stream}}.abroad` }
    const shipping = { ...billing, group: 'shipping' }
    const delivery = { deadLetterStream: lettersOf(orders).stream }
    await withLetters(context, {}, '1-0')
    await append(engine, abroad, '7-0')
    for (const other of [abroad, shipping]) await makeGroup(engine, other, { delivery })
    for (const group of [billing, abroad, shipping]) {
      const [entry] = await read(engine, { ...ann, ...group })
      await nack(engine, group, 'reject', [entry?.id ?? ''])
    }
    const letters = await lettersIn(context)
    expect(letters.map((one) => [one[LETTER_FIELDS.stream], one[LETTER_FIELDS.group]])).toEqual([
      [orders.stream, 'billing'],
      [abroad.stream, 'billing'],
      [orders.stream, 'shipping']
    ])
  })

  it('are not created for entries that died before the policy named a stream', async (context) => {
    const { engine, orders, billing, ann } = context
    await ordersWith(context, {}, '1-0', '2-0')
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['1-0'])
    const delivery = { deadLetterStream: lettersOf(orders).stream }
    await engine.updateGroup({ ...billing, delivery })
    await nack(engine, billing, 'reject', ['2-0'])
    expect(idsOf(await deadOf(engine, billing))).toEqual(['1-0'])
    expect((await lettersIn(context)).map(({ order }) => order)).toEqual(['2-0'])
    await engine.updateGroup({ ...billing, delivery: {} })
    expect(idsOf(await deadOf(engine, billing))).toEqual(['1-0'])
  })

  it('are not created for entries that were deleted', async (context) => {
    const { engine, orders, billing, ann } = context
    await withLetters(context, { maxDeliveries: 1 }, '1-0', '2-0')
    await read(engine, ann)
    await engine.trimStream({ ...orders, trim: { maxLength: 0, approximate: false } })
    await nack(engine, billing, 'reject', ['1-0'])
    await nack(engine, billing, 'retry', ['2-0'], { delayMs: IDLE_MS })
    expect(await pending(engine, billing)).toEqual([])
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 0, dead: 0 })
    expect(await stateOf(engine, lettersOf(orders))).toBe('stream-not-found')
  })
}

/** Entries that are new to a group whose dead letters go to another stream. */
function withLetters(
  context: TestContext,
  policy: { ackTimeoutMs?: number; maxDeliveries?: number; deadLetterMaxLength?: number },
  ...texts: string[]
): Promise<void> {
  return ordersWith(context, { ...policy, deadLetterStream: lettersOf(context.orders).stream }, ...texts)
}

/** The fields of the entries in that stream; none if it does not exist. */
async function lettersIn({ engine, orders }: TestContext): Promise<Record<string, string>[]> {
  const letters = lettersOf(orders)
  if ((await stateOf(engine, letters)) === 'stream-not-found') return []
  return (await list(engine, letters)).map(({ fields }) => fields)
}
