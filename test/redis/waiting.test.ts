import { expect, it } from 'vitest'
import type { Engine } from '../../src/contract/engine.ts'
import { delivered, idsOf, LONG_MS, parked } from '../conformance/fixtures.ts'
import { append, claim, deliver, entriesOf, list, makeGroup, read } from '../conformance/requests.ts'
import { until } from '../support/http.ts'
import { describeOnServer } from '../support/on-server.ts'
import { clusterForTest, engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'

const orders = { stream: 'orders' }
const billing = { ...orders, group: 'billing' }
const ann = { ...billing, consumer: 'ann' }
const bob = { ...billing, consumer: 'bob' }

const SERVERS = [
  ['one Redis', redisForTest, ''],
  ['a cluster', clusterForTest, '?cluster']
] as const

for (const [kind, start, suffix] of SERVERS)
  describeOnServer(`waiting readers on ${kind}`, () => {
    it('share a few connections, even ten thousand of them', async () => {
      const server = await start()
      const engine = await engineForTest(`${server.url}${suffix}`)
      await makeGroup(engine, billing)
      const answers = Array.from({ length: 10_000 }, (_, i) =>
        read(engine, { ...billing, consumer: `c${i % 50}`, count: 1, waitMs: LONG_MS })
      )
      await until(async () => (await engine.status()).waiting === 10_000)
      expect(await connectionsTo(server)).toBeLessThanOrEqual(4)
      const first = Promise.race(answers)
      await append(engine, orders, '1-0')
      expect(idsOf(await first)).toEqual(['1-0'])
      expect((await engine.status()).waiting).toBe(9999)
      await append(engine, orders, ...Array.from({ length: 100 }, (_, i) => `2-${i}`))
      await until(async () => (await engine.status()).waiting === 9899)
      engine.drain()
      const answered = (await Promise.all(answers)).flat()
      expect(new Set(idsOf(answered)).size).toBe(101)
    })

    it('can wait at many streams at once', async () => {
      const server = await start()
      const engine = await engineForTest(`${server.url}${suffix}`)
      const streams = Array.from({ length: 300 }, (_, i) => ({ stream: `orders-${i}` }))
      const answers: Promise<unknown[]>[] = []
      for (const stream of streams) {
        await engine.ensureStream({ ...stream, onlyNew: true })
        answers.push((await parked(engine, () => list(engine, { ...stream, waitMs: LONG_MS }))).answer)
      }
      for (const stream of streams) await append(engine, stream, '1-0')
      for (const answer of answers) expect(await answer).toHaveLength(1)
      expect(await connectionsTo(server)).toBeLessThanOrEqual(4)
    })

    it('are served by the Weir node at which they wait, wherever the entry was appended', async () => {
      const [here, there] = await twoNodes(start, suffix)
      await makeGroup(here, billing)
      for (let i = 1; i <= 20; i++) {
        const { answer } = await parked(there, () => read(there, { ...ann, waitMs: LONG_MS }))
        await append(here, orders, `${i}-0`)
        expect(await answer).toEqual([delivered(`${i}-0`)])
      }
    })

    it('get each entry once, on two Weir nodes together', async () => {
      const [here, there] = await twoNodes(start, suffix)
      await makeGroup(here, billing)
      const ids = Array.from({ length: 300 }, (_, i) => `${i + 1}-0`)
      const taken: string[] = []
      const work = async (engine: Engine, consumer: string) => {
        while (taken.length < ids.length) {
          const entries = await read(engine, { ...billing, consumer, count: 2, waitMs: 200 })
          taken.push(...idsOf(entries))
        }
      }
      const workers = [work(here, 'ann'), work(there, 'bob'), work(here, 'cid'), work(there, 'dan')]
      for (const id of ids) await append(here, orders, id)
      await Promise.all(workers)
      expect(taken.sort(byMs)).toEqual(ids)
    })

    it('get an entry from a reader that hung up at another Weir node', async () => {
      const [here, there] = await twoNodes(start, suffix)
      await append(here, orders, '1-0')
      await makeGroup(here, billing)
      const delivery = await deliver(here, ann)
      expect(idsOf(entriesOf(delivery))).toEqual(['1-0'])
      const { answer } = await parked(there, () => read(there, { ...bob, waitMs: LONG_MS }))
      delivery.undo()
      expect(await answer).toEqual([delivered('1-0')])
    })

    it('get an entry whose idle time was raised by a claim at another Weir node', async () => {
      const [here, there] = await twoNodes(start, suffix)
      await append(here, orders, '1-0')
      await makeGroup(here, billing)
      await read(here, ann)
      const waiting = { ...bob, claimIdleMs: 100_000, waitMs: LONG_MS }
      const { answer } = await parked(there, () => read(there, waiting))
      await claim(here, { ...ann, ids: ['1-0'], idleMs: 100_000 })
      expect(await answer).toMatchObject([{ id: '1-0', deliveries: 3 }])
    })

    it('fail when their group or stream is deleted at another Weir node', async () => {
      const [here, there] = await twoNodes(start, suffix)
      await makeGroup(here, billing)
      const inGroup = await parked(there, () => read(there, { ...ann, waitMs: LONG_MS }))
      const refusedGroup = expect(inGroup.answer).rejects.toMatchObject({ code: 'group-not-found' })
      await here.deleteGroup({ ...billing, dropPending: true })
      await refusedGroup
      const atStream = await parked(there, () => list(there, { ...orders, waitMs: LONG_MS }))
      const refusedStream = expect(atStream.answer).rejects.toMatchObject({ code: 'stream-not-found' })
      await here.deleteStream(orders)
      await refusedStream
    })
  })

async function twoNodes(start: typeof redisForTest, suffix: string): Promise<[Engine, Engine]> {
  const { url } = await start()
  return [await engineForTest(`${url}${suffix}`), await engineForTest(`${url}${suffix}`)]
}

/** How many connections Weir has to the server, without that of the test. */
async function connectionsTo(server: RedisServer): Promise<number> {
  const clients = String(await server.command('CLIENT', 'LIST'))
  return clients.split('\n').filter((client) => client.includes('name=weir ')).length
}

function byMs(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10)
}
