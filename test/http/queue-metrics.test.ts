import { describe, expect, it } from 'vitest'
import { until } from '../support/http.ts'
import { FIRST, GROUP, metric, nack, queueForTest, read, SECOND, THIRD } from '../support/queue-server.ts'

describe('the metrics of a work queue', () => {
  it('show pending, delayed and dead entries of each group', async () => {
    const server = await queueForTest()
    await read(server, 'ann', { count: 3 })
    await nack(server, [FIRST], 'retry', { delayMs: 60_000 })
    await nack(server, [SECOND], 'reject')
    const billing = 'stream="orders",group="billing"'
    // On Redis, they are counted from time to time.
    for (const [name, value] of [
      ['weir_group_pending', 2],
      ['weir_group_delayed', 1],
      ['weir_group_dead', 1]
    ] as const) {
      await until(async () => (await metric(server, name))[billing] === value)
    }
  })

  it('count nacks by outcome, extensions, redeliveries and deaths', async () => {
    const server = await queueForTest()
    expect(await metric(server, 'weir_entries_nacked_total')).toEqual(outcomes(0, 0, 0))
    await read(server, 'ann', { count: 3 })
    await server.send('POST', `${GROUP}/extend`, { consumer: 'ann' })
    await nack(server, [FIRST], 'release')
    await read(server, 'ann')
    await nack(server, [FIRST], 'retry', { delayMs: 60_000 })
    await nack(server, [SECOND, THIRD, '9-9'], 'reject')
    expect(await metric(server, 'weir_entries_nacked_total')).toEqual(outcomes(1, 1, 2))
    expect(await metric(server, 'weir_entries_extended_total')).toEqual({ '': 3 })
    expect(await metric(server, 'weir_entries_redelivered_total')).toEqual({ '': 0 })
    expect(await metric(server, 'weir_entries_died_total')).toEqual({ '': 2 })
    expect(await metric(server, 'weir_deaths_blocked')).toEqual({ '': 0 })
    await server.send('POST', `${GROUP}/claim`, { consumer: 'bob', ids: [SECOND] })
    await nack(server, [FIRST], 'release')
    expect((await read(server, 'bob')).entries).toMatchObject([{ id: FIRST, deliveries: 2 }])
    expect(await metric(server, 'weir_entries_redelivered_total')).toEqual({ '': 1 })
    expect(await metric(server, 'weir_entries_delivered_total')).toEqual({ '': 5 })
  })
})

function outcomes(retry: number, release: number, reject: number) {
  return { 'outcome="retry"': retry, 'outcome="release"': release, 'outcome="reject"': reject }
}
