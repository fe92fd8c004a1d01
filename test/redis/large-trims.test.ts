import { expect, it } from 'vitest'
import { fieldsJson } from '../conformance/fixtures.ts'
import { describeOnServer } from '../support/on-server.ts'
import { engineForTest, redisForTest } from '../support/redis-engine.ts'
import type { RedisServer } from '../support/redis-server.ts'

const ENTRIES = 50_000
const FILL = `for i = ARGV[1] + 1, ARGV[1] + 10000 do redis.call('XADD', KEYS[1], i .. '-0', 'n', i) end`
const orders = { stream: 'orders' }

describeOnServer('a large trim', () => {
  it.each([
    ['length', { maxLength: 7, approximate: false }, 7],
    ['id', { minId: BigInt(ENTRIES - 6) << 64n, approximate: false }, 7],
    ['whole nodes', { maxLength: 7, approximate: true }, 100],
    ['whole nodes up to a limit', { maxLength: 7, approximate: true, limit: 30_000 }, ENTRIES - 30_000]
  ] as const)('by %s is done with several commands that each remove a part', async (_, trim, left) => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await fill(server)
    await server.command('CONFIG', 'RESETSTAT')
    expect(await engine.trimStream({ ...orders, trim })).toBe(ENTRIES - left)
    expect((await engine.getStream(orders)).length).toBe(left)
    const calls = await callsOf(server, 'xtrim')
    expect(calls).toBeGreaterThanOrEqual(2)
    expect(await callsOf(server, 'evalsha')).toBeGreaterThanOrEqual(Math.floor((ENTRIES - left) / 20_000))
  })

  it('in an append is finished when the append is answered', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await fill(server)
    await server.command('CONFIG', 'RESETSTAT')
    const trim = { maxLength: 7, approximate: false }
    const entries = [{ fields: fieldsJson({ n: '1' }) }]
    await engine.appendEntries({ ...orders, createStream: false, entries, trim })
    expect((await engine.getStream(orders)).length).toBe(7)
    expect(await callsOf(server, 'xtrim')).toBeGreaterThanOrEqual(3)
  })
})

describeOnServer('deleteStream', () => {
  it('lets Redis free the memory of the stream in the background', async () => {
    const server = await redisForTest()
    const engine = await engineForTest(server.url)
    await engine.ensureStream({ ...orders, onlyNew: true })
    await engine.deleteStream(orders)
    expect([await callsOf(server, 'unlink'), await callsOf(server, 'del')]).toEqual([1, 0])
  })
})

/** Appends as a native client does, in parts: on a busy machine, a single script would take too long. */
async function fill(server: RedisServer): Promise<void> {
  for (let from = 0; from < ENTRIES; from += 10_000) {
    await server.command('EVAL', FILL, '1', orders.stream, String(from))
  }
}

/** How often the server has run a command. */
async function callsOf(server: RedisServer, name: string): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'))
  return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
}
