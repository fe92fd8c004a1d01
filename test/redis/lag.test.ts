import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import type { GroupInfo } from '../../src/contract/groups.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { append, list, makeGroup, read } from '../conformance/requests.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import { isBefore } from '../support/server-programs.ts'
import { temporaryMemory } from '../support/weir.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }

type Step =
  | { readonly append: number }
  | { readonly read: number }
  | { readonly keep: number }
  | { readonly remove: number }

const NAMES = ['lag', 'entriesRead'] as const

const steps = fc.array(
  fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ read: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ keep: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ remove: fc.integer({ min: 1, max: 30 }) })
  ),
  { maxLength: 30 }
)

/** Compares the counters with those of the embedded engine and with those that are counted from the entries. */
describeOnServer('lag and entriesRead', (server) => {
  const isExact = !isBefore(server, { redis: '8.0', valkey: '9.0' })

  it(`are correct${isExact ? '' : ' or null'} after any trims and deletions`, async () => {
    const redis = await engineForTest((await redisForTest()).url)
    const directory = await temporaryMemory()
    const embedded = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 1 })
    const answers = { count: 0, known: 0 }
    const agree = async (program: Step[]) => {
      for (const engine of [embedded, redis]) await begin(engine)
      let appended = 0
      for (const step of program) {
        for (const engine of [embedded, redis]) await run(engine, step, appended)
        if ('append' in step) appended += step.append
        const expected = counters(await embedded.getGroup(billing))
        const counted = await countedBy(embedded)
        for (const actual of [await redis.getGroup(billing), await described(redis)]) {
          answers.count++
          if (actual.lag !== null) answers.known++
          if (isExact) expect(counters(actual)).toEqual(expected)
          else for (const name of NAMES) expect([counted[name], null]).toContain(actual[name])
        }
      }
    }
    await fc.assert(fc.asyncProperty(steps, agree), { numRuns: 100 })
    await embedded.close()
    // Otherwise an engine that always answers null would pass.
    expect(answers.known).toBeGreaterThan(answers.count / 2)
  })

  it('are known for a group that is up to a thousand entries behind in a trimmed stream', async () => {
    const engine = await engineForTest((await redisForTest()).url)
    await append(engine, orders, ...Array.from({ length: 1000 }, (_, i) => `${i + 1}-0`))
    await makeGroup(engine, billing)
    await engine.trimStream({ ...orders, trim: { maxLength: 900, approximate: false } })
    await read(engine, { ...ann, count: 100 })
    await append(engine, orders, ...Array.from({ length: 199 }, (_, i) => `${i + 1001}-0`))
    expect(counters(await engine.getGroup(billing))).toEqual({ entriesRead: 200, lag: 999 })
    await append(engine, orders, '1200-0', '1201-0')
    const beyond = isExact ? { entriesRead: 200, lag: 1001 } : { entriesRead: null, lag: null }
    expect(counters(await engine.getGroup(billing))).toEqual(beyond)
  })
})

async function begin(engine: Engine): Promise<void> {
  await engine.deleteStream(orders).catch(() => {})
  await makeGroup(engine, billing)
}

async function run(engine: Engine, step: Step, appended: number): Promise<void> {
  if ('append' in step) {
    await append(engine, orders, ...Array.from({ length: step.append }, (_, i) => `${appended + i + 1}-0`))
  } else if ('read' in step) await read(engine, { ...ann, count: step.read })
  else if ('keep' in step) {
    await engine.trimStream({ ...orders, trim: { maxLength: step.keep, approximate: false } })
  } else await engine.deleteEntries({ ...orders, ids: [BigInt(step.remove) << 64n] })
}

/** Counts from the ids alone: the ids of appended entries are consecutive, from 1-0 on. */
async function countedBy(engine: Engine) {
  const { lastDeliveredId } = await engine.getGroup(billing)
  const left = await list(engine, { ...orders, from: lastDeliveredId + 1n })
  return { entriesRead: Number(lastDeliveredId >> 64n), lag: left.length }
}

async function described(engine: Engine) {
  const [group] = (await engine.describeStream({ ...orders, limit: 1 })).groups
  if (group === undefined) throw new Error('The stream has no group')
  return group
}

function counters({ entriesRead, lag }: Pick<GroupInfo, 'entriesRead' | 'lag'>) {
  return { entriesRead, lag }
}
