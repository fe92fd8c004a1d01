import type { Engine } from '../../src/contract/engine.ts'
import { type EntryId, entryId } from '../../src/contract/entry-id.ts'
import { IS_ON_REDIS } from './on-redis.ts'
import { START, type TestServer } from './server.ts'

/** The world of the document's examples, up to a point. */
export type ExampleStage = 'nothing' | 'stream' | 'group' | 'pending'

/**
 * Makes the world that the document's examples are about: two orders, the group that bills them, and Ann, who has
 * the first one pending, and Bob, who has none.
 */
export async function makeExampleData(
  { send, clock, engine }: TestServer,
  state: ExampleStage = 'pending'
): Promise<void> {
  const group = '/v1/streams/orders/groups/billing'
  clock.now = START
  if (state !== 'nothing') {
    await send('POST', '/v1/streams/orders/entries', {
      entries: [
        { fields: { order: '1001', total: '49.90' }, id: `${START}-*` },
        { fields: { order: '1002', total: '12.00' }, id: `${START}-*` }
      ]
    })
  }
  if (state === 'group' || state === 'pending') await send('PUT', group)
  if (state === 'pending') {
    clock.now = START + 1000
    await send('POST', `${group}/read`, { consumer: 'ann', count: 1 })
    await send('PUT', `${group}/consumers/bob`)
    clock.now = START + 5200
    if (IS_ON_REDIS) await age(engine, 'ann', [entryId(START, 0)], 4200)
  }
}

const ORDERS = { stream: 'orders', group: 'billing' }

/** Lets pending entries of that group be idle for so long, as if their owner had been given them then. */
export async function age(engine: Engine, consumer: string, ids: EntryId[], idleMs: number): Promise<void> {
  const claim = { ...ORDERS, consumer, ids, minIdleMs: 0, idleMs, force: false, justIds: true }
  await engine.claim(claim)
}
