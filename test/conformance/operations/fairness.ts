import { expect } from 'vitest'
import { idsFrom, idsOf } from '../fixtures.ts'
import { nack, ordersWith } from '../policy-requests.ts'
import { append, makeGroup, read } from '../requests.ts'
import type { It, TestContext } from '../test-context.ts'

/** How a read divides its `count` between due and new entries. */
export function fairness(it: It): void {
  it('gives half of the count to each of due and new entries, due ones first', async (context) => {
    const { engine, bob } = context
    await dueAndNew(context, 6, 6)
    expect(idsOf(await read(engine, { ...bob, count: 4 }))).toEqual(['1-0', '2-0', '7-0', '8-0'])
    expect(idsOf(await read(engine, { ...bob, count: 4 }))).toEqual(['3-0', '4-0', '9-0', '10-0'])
  })

  it('gives at least half of an odd count, rounded down, to each of them', async (context) => {
    const { engine, bob } = context
    await dueAndNew(context, 20, 20)
    for (const count of [3, 5, 7, 5, 3]) {
      const got = await read(engine, { ...bob, count })
      expect(got).toHaveLength(count)
      const due = got.filter(({ deliveries }) => deliveries > 1).length
      expect(due).toBeGreaterThanOrEqual(Math.floor(count / 2))
      expect(count - due).toBeGreaterThanOrEqual(Math.floor(count / 2))
    }
  })

  it('alternates between them in successive reads of one entry', async (context) => {
    const { engine, bob } = context
    await dueAndNew(context, 4, 4)
    const classes: string[] = []
    for (let reads = 0; reads < 8; reads++) {
      const [one] = await read(engine, { ...bob, count: 1 })
      classes.push(one?.deliveries === 1 ? 'new' : 'due')
    }
    const [first = ''] = classes
    const second = first === 'new' ? 'due' : 'new'
    expect(classes).toEqual(new Array(4).fill([first, second]).flat())
  })

  it('alternates between them although different consumers read', async (context) => {
    const { engine, bob, cid } = context
    await dueAndNew(context, 2, 2)
    const classes: boolean[] = []
    for (const reader of [bob, cid, bob, cid]) {
      const [one] = await read(engine, { ...reader, count: 1 })
      classes.push(one?.deliveries === 1)
    }
    expect(classes[1]).toBe(!classes[0])
    expect(classes[2]).toBe(classes[0])
    expect(classes[3]).toBe(!classes[0])
  })

  it('gives the rest of the count to new entries if few are due, and to due ones if few are new', async (context) => {
    const { engine, bob } = context
    await dueAndNew(context, 1, 6)
    expect(idsOf(await read(engine, { ...bob, count: 4 }))).toEqual(['1-0', '2-0', '3-0', '4-0'])
    const shipping = { ...context.billing, group: 'shipping' }
    const [first, second] = [
      { ...shipping, consumer: 'ann' },
      { ...shipping, consumer: 'bob' }
    ]
    await makeGroup(engine, shipping)
    await read(engine, { ...first, count: 6 })
    await nack(engine, shipping, 'retry', idsFrom(1, 6))
    expect(idsOf(await read(engine, { ...second, count: 4 }))).toEqual(['1-0', '2-0', '3-0', '7-0'])
  })

  it('keeps the order of each of them', async (context) => {
    const { engine, bob } = context
    await dueAndNew(context, 10, 10)
    const got: string[] = []
    for (const count of [1, 4, 3, 1, 6, 5]) got.push(...idsOf(await read(engine, { ...bob, count })))
    const numbers = got.map((one) => Number.parseInt(one, 10))
    const due = numbers.filter((one) => one <= 10)
    const added = numbers.filter((one) => one > 10)
    expect(due).toEqual(Array.from(due, (_, index) => index + 1))
    expect(added).toEqual(Array.from(added, (_, index) => index + 11))
    expect(numbers).toHaveLength(20)
  })

  it('lets new entries through although four poison entries come back again and again', async (context) => {
    const { engine, orders, ann, bob, billing, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, ...idsFrom(1, 4))
    await read(engine, ann)
    let received = 0
    for (let rounds = 0; rounds < 4; rounds++) {
      await append(engine, orders, `${10 + rounds}-0`)
      await elapse(spanMs)
      for (let reads = 0; reads < 2; reads++) {
        const got = await read(engine, { ...bob, count: 1 })
        expect(got).toHaveLength(1)
        const added = got.filter(({ deliveries }) => deliveries === 1)
        received += added.length
        await engine.ackEntries({
          ...billing,
          ids: added.map(({ id }) => BigInt(id.split('-')[0] ?? '') << 64n)
        })
      }
    }
    expect(received).toBe(4)
  })

  it('divides entries whose lease has ended like those that were nacked', async (context) => {
    const { engine, ann, bob, elapse, spanMs } = context
    await ordersWith(context, { ackTimeoutMs: spanMs }, ...idsFrom(1, 8))
    await read(engine, { ...ann, count: 4 })
    await elapse(spanMs)
    expect(idsOf(await read(engine, { ...bob, count: 4 }))).toEqual(['1-0', '2-0', '5-0', '6-0'])
  })
}

/** A number of due entries from 1-0 on, and after them a number of new ones. */
async function dueAndNew(context: TestContext, due: number, added: number): Promise<void> {
  const { engine, orders, billing, ann } = context
  await append(engine, orders, ...idsFrom(1, due + added))
  await makeGroup(engine, billing)
  await read(engine, { ...ann, count: due })
  await nack(engine, billing, 'retry', idsFrom(1, due))
}
