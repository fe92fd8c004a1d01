import { expect } from 'vitest'
import { LETTER_FIELDS } from '../../../src/contract/delivery-policy.ts'
import { fieldsJson, id, idsFrom, idsOf, LONG_MS, parked, refusal } from '../fixtures.ts'
import { deadOf, lettersOf, nack, ordersWith, pendingTexts, redrive, setPolicy } from '../policy-requests.ts'
import { append, list, makeGroup, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** `redriveEntries` with a dead-letter stream. */
export function redriveLetters(it: It): void {
  it('makes the original entries due, and removes their letters', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeLetters(context)
    const { deadLetterStream } = letters(context)
    const answer = await redrive(engine, billing, { ids: ['1-0', '3-0'], deadLetterStream })
    expect(answer).toEqual({ redriven: 2, notDead: [], missing: [] })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×0', '3-0 due -×0'])
    expect(await originals(context)).toEqual(['2-0'])
    expect(await read(engine, bob)).toMatchObject([
      { id: '1-0', fields: { order: '1-0' }, deliveries: 1 },
      { id: '3-0', fields: { order: '3-0' }, deliveries: 1 }
    ])
    expect(idsOf(await list(engine, orders))).toEqual(['1-0', '2-0', '3-0'])
  })

  it('wakes a waiting reader', async (context) => {
    const { engine, billing, bob } = context
    await threeLetters(context)
    const { answer } = await parked(engine, () => read(engine, { ...bob, waitMs: LONG_MS }))
    await redrive(engine, billing, { ids: ['2-0'], ...letters(context) })
    expect(await answer).toMatchObject([{ id: '2-0', deliveries: 1 }])
  })

  it('redrives the first letters of the group, up to a limit', async (context) => {
    const { engine, billing } = context
    await threeLetters(context)
    expect(await redrive(engine, billing, { limit: 2, ...letters(context) })).toMatchObject({ redriven: 2 })
    expect(await originals(context)).toEqual(['3-0'])
    const rest = await redrive(engine, billing, letters(context))
    expect(rest).toEqual({ redriven: 1, notDead: [], missing: [] })
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×0', '2-0 due -×0', '3-0 due -×0'])
  })

  it('does not touch letters if the request does not name their stream', async (context) => {
    const { engine, billing } = context
    await threeLetters(context)
    expect(await redrive(engine, billing)).toEqual({ redriven: 0, notDead: [], missing: [] })
    const named = await redrive(engine, billing, { ids: ['1-0'] })
    expect(named).toEqual({ redriven: 0, notDead: ['1-0'], missing: [] })
    expect(await originals(context)).toEqual(['1-0', '2-0', '3-0'])
  })

  it('is refused if the group has another dead-letter stream, or none', async (context) => {
    const { engine, orders, billing } = context
    await threeLetters(context)
    const request = () => redrive(engine, billing, { ids: ['1-0'], ...letters(context) })
    for (const delivery of [{ deadLetterStream: `{${orders.stream}}.other` }, {}]) {
      await setPolicy(engine, billing, delivery)
      expect(await refusal(engine, orders, request)).toBe('stream-conflict')
      expect(await originals(context)).toEqual(['1-0', '2-0', '3-0'])
    }
  })

  it('leaves letters whose original no longer exists, and returns it as missing', async (context) => {
    const { engine, orders, billing } = context
    await threeLetters(context)
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    const answer = await redrive(engine, billing, { ids: ['2-0', '3-0'], ...letters(context) })
    expect(answer).toEqual({ redriven: 1, notDead: [], missing: ['2-0'] })
    expect(await originals(context)).toEqual(['1-0', '2-0'])
    const rest = await redrive(engine, billing, letters(context))
    expect(rest).toEqual({ redriven: 1, notDead: [], missing: ['2-0'] })
    expect(await originals(context)).toEqual(['2-0'])
  })

  it('leaves letters whose original is pending again', async (context) => {
    const { engine, billing, bob } = context
    await threeLetters(context)
    await engine.updateGroup({ ...billing, after: id('1-0') })
    await read(engine, { ...bob, count: 1 })
    expect(await redrive(engine, billing, letters(context))).toMatchObject({ redriven: 2, missing: [] })
    expect(await originals(context)).toEqual(['2-0'])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×0', '2-0 leased bob×1', '3-0 due -×0'])
  })

  it('leaves letters of other groups and streams, and other entries', async (context) => {
    const { engine, orders, billing, ann } = context
    const others = [
      { ...billing, group: 'shipping' },
      { ...billing, stream: `{${orders.stream}}.abroad` }
    ]
    await threeLetters(context)
    const stream = lettersOf(orders)
    for (const other of others) {
      await append(engine, other, '9-*')
      await makeGroup(engine, other, { after: '8-0', delivery: letters(context) })
      const [entry] = await read(engine, { ...ann, ...other })
      await nack(engine, other, 'reject', [entry?.id ?? ''])
    }
    const own = {
      [LETTER_FIELDS.stream]: orders.stream,
      [LETTER_FIELDS.group]: billing.group
    }
    for (const fields of [own, { ...own, [LETTER_FIELDS.id]: 'x' }, { [LETTER_FIELDS.id]: '1-0' }]) {
      const entries = [{ fields: fieldsJson(fields) }]
      await engine.appendEntries({ ...stream, createStream: false, entries })
    }
    expect(await redrive(engine, billing, letters(context))).toEqual({
      redriven: 3,
      notDead: [],
      missing: []
    })
    expect(await list(engine, stream)).toHaveLength(5)
  })

  it('returns ids without a letter as notDead', async (context) => {
    const { engine, orders, billing, bob } = context
    await threeLetters(context)
    await append(engine, orders, '4-0')
    await read(engine, bob)
    const answer = await redrive(engine, billing, { ids: ['4-0', '1-0', '9-0'], ...letters(context) })
    expect(answer).toEqual({ redriven: 1, notDead: ['4-0', '9-0'], missing: [] })
  })

  it('redrives entries that are dead in the group first', async (context) => {
    const { engine, orders, billing, ann } = context
    await ordersWith(context, {}, '1-0', '2-0', '3-0')
    await read(engine, ann)
    await nack(engine, billing, 'reject', ['3-0'])
    await setPolicy(engine, billing, { deadLetterStream: lettersOf(orders).stream })
    await nack(engine, billing, 'reject', ['1-0', '2-0'])
    expect(await redrive(engine, billing, { limit: 2, ...letters(context) })).toMatchObject({ redriven: 2 })
    expect(await deadOf(engine, billing)).toEqual([])
    expect(await pendingTexts(engine, billing)).toEqual(['1-0 due -×0', '3-0 due -×0'])
    expect(await originals(context)).toEqual(['2-0'])
  })

  it('redrives nothing from a stream that does not exist', async (context) => {
    const { engine, orders, billing } = context
    await threeLetters(context)
    await engine.deleteStream(lettersOf(orders))
    expect(await redrive(engine, billing, letters(context))).toEqual({
      redriven: 0,
      notDead: [],
      missing: []
    })
    const named = await redrive(engine, billing, { ids: ['1-0'], ...letters(context) })
    expect(named).toEqual({ redriven: 0, notDead: ['1-0'], missing: [] })
  })

  it('redrives many letters', async (context) => {
    const { engine, orders, billing, ann } = context
    const all = idsFrom(1, 1500)
    await append(engine, orders, ...all)
    await makeGroup(engine, billing, { delivery: letters(context) })
    for (let reads = 0; reads < 2; reads++) await read(engine, { ...ann, count: 1000 })
    for (let from = 0; from < 1500; from += 500)
      await nack(engine, billing, 'reject', all.slice(from, from + 500))
    expect(await redrive(engine, billing, { limit: 1400, ...letters(context) })).toMatchObject({
      redriven: 1400
    })
    expect(await originals(context)).toEqual(all.slice(1400))
    expect(await engine.getGroup(billing)).toMatchObject({ pending: 1400 })
  })
}

/** The policy, and the permission of a request to take letters from its stream. */
function letters({ orders }: TestContext): { deadLetterStream: string } {
  return { deadLetterStream: lettersOf(orders).stream }
}

/** The ids of the original entries of all dead letters, in their order. */
async function originals({ engine, orders }: TestContext): Promise<(string | undefined)[]> {
  return (await list(engine, lettersOf(orders))).map(({ fields }) => fields[LETTER_FIELDS.id])
}

/** 1-0 to 3-0, which have died and are in the dead-letter stream. */
async function threeLetters(context: TestContext): Promise<void> {
  const { engine, billing, ann } = context
  await ordersWith(context, letters(context), '1-0', '2-0', '3-0')
  await read(engine, ann)
  await nack(engine, billing, 'reject', ['1-0', '2-0', '3-0'])
}
