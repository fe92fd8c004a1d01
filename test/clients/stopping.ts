import { expect, it } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { ask, until } from '../support/http.ts'
import type { Weir } from '../support/weir.ts'
import { GONE } from './codes.ts'
import { DETAIL, problem, reset } from './faults.ts'
import { type WorkerProcess, workerForTest } from './worker-process.ts'
import { order, type Workplace, workplaceForTest } from './workplace.ts'

/** What a worker does when it is told to stop. */
export function testStopping(language: LanguageName, weir: () => Weir): void {
  it.each(['SIGTERM', 'SIGINT'] as const)('cuts its poll and deletes its consumer on %s', async (signal) => {
    const place = await workplaceForTest(weir())
    const worker = workerForTest(language, { ...place.settings, WAIT_MS: '60000' })
    await polls(worker, place)
    expect(await worker.stop(signal)).toBe(0)
    expect(place.proxy.of('readGroup').at(-1)?.end).toBe('hung up')
    expect(await place.consumers()).toEqual([])
  })

  it('finishes the entry in work on SIGTERM, and gives back the others', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 3000 })
    const [first, ...rest] = await place.append(order(1, 4000), order(2), order(3))
    const worker = workerForTest(language, place.settings)
    await works(worker, place)
    expect(await worker.stop()).toBe(0)
    expect(worker.ids).toEqual([first])
    expect(await place.consumers()).toEqual([])
    const { entries } = await ask('POST', `${place.group}/read`, { consumer: 'bob' })
    expect(entries.map(({ id }: { id: string }) => id)).toEqual(rest)
    for (const { deliveries } of entries) expect(deliveries).toBe(1)
  })

  it('ends at once on a second signal', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 3000 })
    const ids = await place.append(order(1, 600_000))
    const worker = workerForTest(language, place.settings)
    await works(worker, place)
    let isOver = false
    void worker.exited.then(() => {
      isOver = true
    })
    // Two signals count as one while the first is not handled yet.
    await until(async () => isOver || !worker.process.kill('SIGTERM'), 100)
    expect(await worker.exited).not.toBe(0)
    expect(await place.pendingIds()).toEqual(ids)
  })

  it('waits no longer for a retry when it is to stop', async () => {
    const place = await workplaceForTest(weir())
    place.proxy.next('readGroup', problem('overloaded', { retryAfterMs: 60_000 }, { 'retry-after': '60' }))
    const worker = workerForTest(language, place.settings)
    await worker.logged(/overloaded/)
    expect(await worker.stop()).toBe(0)
    expect(await place.consumers()).toEqual([])
  })

  it('deletes its consumer although the first request for that is refused', async () => {
    const place = await workplaceForTest(weir())
    place.proxy.next('deleteConsumer', problem('overloaded', { retryAfterMs: 20 }))
    const worker = workerForTest(language, place.settings)
    await polls(worker, place)
    expect(await worker.stop()).toBe(0)
    expect(await place.consumers()).toEqual([])
  })

  it('exits with 1 if it may not delete its consumer', async () => {
    const place = await workplaceForTest(weir())
    place.proxy.next('deleteConsumer', problem('forbidden'))
    const worker = workerForTest(language, place.settings)
    await polls(worker, place)
    expect(await worker.stop()).toBe(1)
    expect(worker.log.filter((line) => line.includes(`forbidden: ${DETAIL}`))).toHaveLength(1)
  })

  it.each(GONE)('exits with 0 if its consumer is no longer there: %s', async (code) => {
    const place = await workplaceForTest(weir())
    place.proxy.next('deleteConsumer', problem(code))
    const worker = workerForTest(language, place.settings)
    await polls(worker, place)
    expect(await worker.stop()).toBe(0)
  })

  it('ends although Weir does not come back', async () => {
    const place = await workplaceForTest(weir())
    const worker = workerForTest(language, { ...place.settings, WAIT_MS: '500' })
    await polls(worker, place)
    place.proxy.always(reset)
    await worker.logged(/./)
    expect(await worker.stop()).toEqual(expect.any(Number))
  })
}

/** Resolves when a poll of the worker waits at the server. */
async function polls(worker: WorkerProcess, place: Workplace): Promise<void> {
  await worker.until(async () => {
    const last = place.proxy.of('readGroup').at(-1)
    const isPolling = last !== undefined && last.end === undefined && !last.body.after
    return isPolling && (await place.consumers()).length > 0
  })
}

/** Resolves when the worker has an entry in work: it extends it. */
async function works(worker: WorkerProcess, { proxy }: Workplace): Promise<void> {
  await worker.until(async () => proxy.of('extendEntries').length > 0)
}
