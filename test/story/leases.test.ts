import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { balancerForTest } from '../support/balancer.ts'
import { ask, call, until } from '../support/http.ts'
import { redisForTest } from '../support/redis-engine.ts'
import { hasRedis } from '../support/server-programs.ts'
import { killWhileHolding, logLines, start, workOf } from '../support/story.ts'
import { startWeir, temporaryDirectory } from '../support/weir.ts'

/** How long workers are killed. STORY_MS=120000 does so for two minutes. */
const STORY_MS = Number(process.env['STORY_MS'] ?? 10_000)
const TIMEOUT = { timeout: STORY_MS + 180_000 }
const WORKERS = ['ann', 'bob', 'cid', 'dan', 'eve']
const LINES_AT_ONCE = 20

describe('five workers that claim nothing, in a group with leases,', () => {
  it('process every line although they are killed at random', TIMEOUT, async () => {
    const weir = await startWeir({ WEIR_DATA_DIR: join(await temporaryDirectory(), 'data') })
    onTestFinished(async () => void (await weir.stop('SIGKILL')))
    await tellStory(weir.url)
  })

  it.runIf(hasRedis())('do so on two nodes on one Redis, one of which is killed, too', TIMEOUT, async () => {
    const redis = await redisForTest()
    const environment = { WEIR_ENGINE: 'redis', WEIR_REDIS_URL: redis.url }
    const nodes = [await startWeir(environment), await startWeir(environment)]
    onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.stop('SIGKILL')))))
    const url = await balancerForTest(nodes.map(({ port }) => port))
    await tellStory(url, async () => void (await nodes[0]?.stop('SIGKILL')))
  })
})

/** `halfway` is called in the middle of the story. */
async function tellStory(url: string, halfway?: () => Promise<void>): Promise<void> {
  const directory = await temporaryDirectory()
  const stream = `${url}/v1/streams/packages`
  const group = `${stream}/groups/audit`
  await ask('PUT', group, { createStream: true, delivery: { ackTimeoutMs: 1000 } })
  const fileOf = (consumer: string) => join(directory, consumer)
  const work = (consumer: string) => start('lease-worker.ts', group, consumer, fileOf(consumer))
  const workers = new Map(WORKERS.map((consumer) => [consumer, work(consumer)]))
  const producing = produce(stream)

  await until(async () => existsSync(fileOf('ann')))
  const held = await killWhileHolding(workers.get('ann'), group, 'ann', fileOf('ann'))
  workers.set('ann', work('ann'))
  const end = performance.now() + STORY_MS
  const middle = performance.now() + STORY_MS / 2
  let isInTheMiddle = false
  while (performance.now() < end) {
    await sleep(Math.random() * 800)
    const consumer = WORKERS[Math.floor(Math.random() * WORKERS.length)] ?? ''
    workers.get(consumer)?.kill('SIGKILL')
    workers.set(consumer, work(consumer))
    if (performance.now() < middle || isInTheMiddle) continue
    isInTheMiddle = true
    await halfway?.()
  }

  const lines = await producing
  const final = await until(async () => {
    const info = await ask('GET', group).catch(() => undefined)
    return info?.lag === 0 && info.pending === 0 && info
  })
  expect(final).toMatchObject({ pending: 0, delayed: 0, dead: 0, lastDeliveredId: `${lines.length}-0` })
  const done = WORKERS.filter((consumer) => existsSync(fileOf(consumer))).flatMap((consumer) =>
    workOf(fileOf(consumer))
  )
  const byId = new Map(done.map(({ id, line }) => [id, line]))
  expect(lines.map((_, index) => byId.get(`${index + 1}-0`))).toEqual(lines)
  // Entries that a killed worker held were delivered again, to whoever read next.
  const again = new Set(done.filter(({ deliveries }) => deliveries > 1).map(({ id }) => id))
  for (const id of held) expect(again).toContain(id)
}

/** Appends lines for as long as workers are killed. Their numbers are their ids, so a retry appends nothing twice. */
async function produce(stream: string): Promise<string[]> {
  const source = logLines()
  const lines: string[] = []
  const end = performance.now() + STORY_MS
  while (performance.now() < end) {
    const batch = Array.from({ length: LINES_AT_ONCE }, (_, index) => {
      const line = source[(lines.length + index) % source.length] ?? ''
      return { id: `${lines.length + index + 1}-0`, fields: { line } }
    })
    await until(async () => {
      const answer = await call('POST', `${stream}/entries`, { entries: batch }).catch(() => undefined)
      return answer !== undefined && (answer.status < 300 || answer.body.code === 'id-not-greater')
    })
    lines.push(...batch.map(({ fields }) => fields.line))
    await sleep(50)
  }
  return lines
}
