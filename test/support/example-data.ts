import type { Engine } from '../../src/contract/engine.ts'
import { type EntryId, entryId } from '../../src/contract/entry-id.ts'
import { IS_ON_REDIS } from './on-redis.ts'
import { START, type TestServer } from './server.ts'

/** How far the data of the document's examples is created. Each stage includes those before it. */
export type ExampleStage = 'nothing' | 'stream' | 'group' | 'pending' | 'dead'

/** The stage before the example of an operation. Default: `pending`. */
export const EXAMPLE_STAGES: Readonly<Record<string, ExampleStage>> = {
  ensureStream: 'nothing',
  appendEntries: 'nothing',
  ensureGroup: 'stream',
  readGroup: 'group',
  readGroups: 'group',
  listDead: 'dead',
  redriveEntries: 'dead',
  ensureConsumer: 'group',
  deleteGroup: 'group'
}

/**
 * Creates the data that the examples of the OpenAPI document use: two orders, the group that bills them, ann with the
 * first order pending, and bob with none. At the stage `dead`, ann has rejected it.
 */
export async function makeExampleData(
  { send, clock, engine }: TestServer,
  stage: ExampleStage = 'pending'
): Promise<void> {
  const group = '/v1/streams/orders/groups/billing'
  clock.now = START
  if (stage !== 'nothing') {
    await send('POST', '/v1/streams/orders/entries', {
      entries: [
        { fields: { order: '1001', total: '49.90' }, id: `${START}-*` },
        { fields: { order: '1002', total: '12.00' }, id: `${START}-*` }
      ]
    })
  }
  if (stage !== 'nothing' && stage !== 'stream') await send('PUT', group)
  if (stage === 'pending' || stage === 'dead') {
    clock.now = START + 1000
    await send('POST', `${group}/read`, { consumer: 'ann', count: 1 })
    await send('PUT', `${group}/consumers/bob`)
    clock.now = START + 5200
    if (IS_ON_REDIS) await age(engine, 'ann', [entryId(START, 0)], 4200)
  }
  if (stage === 'dead') {
    const nack = { ids: [`${START}-0`], outcome: 'reject', reason: 'The card was declined' }
    await send('POST', `${group}/nack`, nack)
  }
}

const ORDERS = { stream: 'orders', group: 'billing' }

/** Sets the idle time of pending entries, as if they had been delivered to their owner that long ago. */
export async function age(engine: Engine, consumer: string, ids: EntryId[], idleMs: number): Promise<void> {
  const claim = { ...ORDERS, consumer, ids, minIdleMs: 0, idleMs, force: false, justIds: true }
  await engine.claimEntries(claim)
}
