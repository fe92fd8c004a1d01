import { START, type TestServer } from './server.ts'

/** The world of the document's examples, up to a point. */
export type WorldState = 'nothing' | 'stream' | 'group' | 'pending'

/**
 * Makes the world that the document's examples are about: two orders, the group that bills them, and Ann, who has
 * the first one pending, and Bob, who has none.
 */
export async function makeWorld({ send, clock }: TestServer, state: WorldState = 'pending'): Promise<void> {
  const group = '/v1/streams/orders/groups/billing'
  clock.now = START
  if (state !== 'nothing') {
    await send('POST', '/v1/streams/orders/entries', {
      entries: [{ fields: { order: '1001', total: '49.90' } }, { fields: { order: '1002', total: '12.00' } }]
    })
  }
  if (state === 'group' || state === 'pending') await send('PUT', group)
  if (state === 'pending') {
    clock.now = START + 1000
    await send('POST', `${group}/read`, { consumer: 'ann', count: 1 })
    await send('PUT', `${group}/consumers/bob`)
    clock.now = START + 5200
  }
}
