import { expect, it } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import type { Weir } from '../support/weir.ts'
import { codesOf, SETTLED } from './codes.ts'
import {
  cutBody,
  empty502,
  errorPage,
  hang,
  invalidJson,
  page200,
  problem,
  redirect,
  redirect307,
  reset,
  STRAY_PATH
} from './faults.ts'
import { workerForTest } from './worker-process.ts'
import { order, workplaceForTest } from './workplace.ts'

/** What comes back although Weir did not send it. */
const FAULTS = { errorPage, empty502, page200, invalidJson, cutBody, redirect, redirect307, reset }

/** What a worker does when the way to Weir is bad. */
export function testWays(language: LanguageName, weir: () => Weir): void {
  it.each(SETTLED)(
    'sends %s again when a proxy answers, and reports that in a line each',
    async (operation) => {
      const place = await workplaceForTest(weir())
      place.proxy.next(operation, ...Object.values(FAULTS))
      const worker = workerForTest(language, { ...place.settings, WAIT_MS: '1000', ACK_TIMEOUT_MS: '2000' })
      // An entry that fails is nacked.
      await worker.until(async () => place.proxy.of('ensureGroup').some(({ end }) => end === 'answered'))
      const [good, bad] = await place.append(order(1), { order: '2', total: 'two' })
      await worker.processed(1)
      await worker.until(async () => place.proxy.left === 0 && (await place.pendingIds()).length === 0)
      expect(worker.ids[0]).toBe(good)
      expect(place.proxy.of('nackEntries').map(({ body }) => body.ids[0])).toContain(bad)
      const { log } = worker
      expect(log.length).toBeGreaterThanOrEqual(Object.keys(FAULTS).length)
      expect(log.filter((line) => line.length > 300 || /<\w+>|^\s+(at|File) /.test(line))).toEqual([])
      expect(log.some((line) => line.includes('502'))).toBe(true)
      expect(place.proxy.requests.filter(({ url }) => url.startsWith(STRAY_PATH))).toEqual([])
    }
  )

  it('reads again when no answer comes in time', async () => {
    const place = await workplaceForTest(weir())
    place.proxy.next('readGroup', hang)
    const worker = workerForTest(language, { ...place.settings, WAIT_MS: '500' })
    await worker.until(async () => place.proxy.of('readGroup').length > 0)
    const ids = await place.append(order(1))
    await worker.processed(1)
    expect(worker.ids).toEqual(ids)
    expect(worker.log).toHaveLength(1)
    const [first, second] = place.proxy.of('readGroup')
    // It waited for as long as an answer may take.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5490)
  })

  it('reports a heartbeat that fails, whatever the reason, and works on', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 400 })
    const codes = codesOf('extendEntries')
    place.proxy.next('extendEntries', errorPage, empty502, reset, ...codes.map((code) => problem(code)))
    await place.append(...Array.from({ length: 100 }, (_, n) => order(n, 500)))
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => place.proxy.left === 0)
    const lines = worker.lines.length
    await worker.processed(lines + 1)
    await worker.until(async () => codes.every((code) => worker.log.some((line) => line.includes(code))))
  })

  it('ignores members that it does not know, in each answer', async () => {
    const place = await workplaceForTest(weir())
    place.proxy.change = withMore
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => place.proxy.of('readGroup').length > 1)
    const ids = await place.append(order(1, 100), { order: '2', total: 'two' }, order(3))
    await worker.processed(2)
    expect(worker.ids).toEqual([ids[0], ids[2]])
    await worker.until(async () => (await place.pendingIds()).length === 0)
    expect(await worker.stop()).toBe(0)
    expect(await place.consumers()).toEqual([])
  })
}

/** The answer with members that no document has, in each of its objects. The fields of an entry are the user's own. */
function withMore(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withMore)
  if (typeof answer !== 'object' || answer === null) return answer
  const members = Object.entries(answer).map(([name, value]) => [
    name,
    name === 'fields' ? value : withMore(value)
  ])
  return {
    ...Object.fromEntries(members),
    addedLater: 1,
    alsoAddedLater: { list: [null, 'a', { deep: true }] }
  }
}
