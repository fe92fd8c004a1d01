import { expect, it } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { PROBLEMS, type ProblemCode } from '../../src/http/problems/problem.ts'
import { ask } from '../support/http.ts'
import type { Weir } from '../support/weir.ts'
import { codesOf, GONE, type Operation, SETTLED } from './codes.ts'
import { DETAIL, type Fault, problem, REQUEST_ID, refusing } from './faults.ts'
import { type WorkerProcess, workerForTest } from './worker-process.ts'
import { order, type Workplace, workplaceForTest } from './workplace.ts'

/** The languages whose generated clients do not show the headers of an answer. */
const HIDING_HEADERS: readonly LanguageName[] = ['rust']

/** Each code after which a worker gives up, with an operation that has it. All operations have their turn. */
function finalCodes(): [ProblemCode, Operation][] {
  const codes = [...new Set(SETTLED.flatMap(codesOf))].sort()
  return codes
    .filter((code) => !PROBLEMS[code].retryable && !GONE.includes(code))
    .map((code, index) => {
      const having = SETTLED.filter((operation) => codesOf(operation).includes(code))
      return [code, having[index % having.length] ?? 'readGroup']
    })
}

/** What a worker does when Weir refuses its requests. */
export function testRefusals(language: LanguageName, weir: () => Weir): void {
  it.each(SETTLED)('sends %s again after each problem that a retry can help', async (operation) => {
    const codes = codesOf(operation).filter((code) => PROBLEMS[code].retryable)
    const place = await workplaceForTest(weir())
    const worker = withFaults(
      language,
      place,
      operation,
      ...codes.map((code) => problem(code, { retryAfterMs: 20 }))
    )
    await worker.processed(1)
    await worker.until(async () => place.proxy.left === 0 && (await place.pendingIds()).length === 0)
    const unnamed = codes.filter(
      (code) => !worker.log.some((line) => line.includes(code) && line.includes(DETAIL))
    )
    expect(unnamed).toEqual([])
    expect(worker.process.exitCode).toBe(null)
  })

  it.each(finalCodes())('stops at %s of %s, says why, and releases nothing', async (code, operation) => {
    await expectEnd(operation, code, problem(code, { addedLater: true }))
  })

  it('stops at a code that it does not know', async () => {
    await expectEnd(
      'readGroup',
      'added-later',
      refusing({ code: 'added-later', status: 418, retryable: false })
    )
  })

  it('waits at a code that it does not know, if a retry can help', async () => {
    const place = await workplaceForTest(weir())
    const later = refusing({ code: 'added-later', status: 599, retryable: true })
    const worker = withFaults(language, place, 'readGroup', later)
    await worker.processed(1)
    expect(worker.log.filter((line) => line.includes('added-later'))).toHaveLength(1)
  })

  it.each([
    ['retryAfterMs', { retryAfterMs: 700 }, { 'retry-after': '60' }, 700],
    HIDING_HEADERS.includes(language)
      ? ['a second without seeing the header Retry-After', {}, { 'retry-after': '2' }, 1000]
      : ['the header Retry-After', {}, { 'retry-after': '2' }, 2000],
    ['a second without either', {}, {}, 1000]
  ])('waits for %s', { timeout: 45_000 }, async (_, members, headers, ms) => {
    const place = await workplaceForTest(weir())
    const worker = withFaults(language, place, 'readGroup', problem('rate-limited', members, headers))
    await worker.processed(1)
    const [refused, next] = place.proxy.of('readGroup')
    expect(next?.body).toEqual(refused?.body)
    // Timers of some languages fire a little early.
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(ms - 10)
  })

  it('creates the group again if somebody deletes it', async () => {
    const place = await workplaceForTest(weir())
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => place.proxy.of('readGroup').length > 1)
    await ask('DELETE', place.group)
    await worker.until(
      async () => place.proxy.of('ensureGroup').filter(({ end }) => end === 'answered').length === 2
    )
    await place.append(order(1))
    await worker.processed(1)
    expect(worker.log.some((line) => line.includes('group-not-found'))).toBe(true)
  })

  it('drops the ack of an entry whose stream somebody deleted, and works on', async () => {
    const place = await workplaceForTest(weir())
    await place.createGroup({ ackTimeoutMs: 600_000 })
    await place.append(order(1, 2000))
    const worker = workerForTest(language, place.settings)
    await worker.until(async () => (await place.pendingIds()).length === 1)
    await ask('DELETE', place.stream)
    await worker.until(
      async () => place.proxy.of('ensureGroup').filter(({ end }) => end === 'answered').length === 2
    )
    const ids = await place.append(order(2))
    await worker.processed(2)
    expect(worker.ids[1]).toBe(ids[0])
    expect(worker.log.filter((line) => line.includes('stream-not-found')).length).toBeGreaterThanOrEqual(1)
  })

  async function expectEnd(operation: Operation, code: string, fault: Fault): Promise<void> {
    const place = await workplaceForTest(weir())
    const worker = withFaults(language, place, operation, fault)
    expect(await worker.exited).toBe(1)
    const said = worker.log.filter((line) => line.includes(`${code}: ${DETAIL} (request ${REQUEST_ID})`))
    expect(said).toHaveLength(1)
    expect(worker.log.filter((line) => /^\s+(at|File) |Traceback|panicked/.test(line))).toEqual([])
    expect(place.proxy.of('deleteConsumer')).toEqual([])
  }
}

/** Starts a worker that has an entry to ack and one to nack. Its first requests for an operation meet these faults. */
function withFaults(
  language: LanguageName,
  place: Workplace,
  operation: Operation,
  ...faults: readonly Fault[]
): WorkerProcess {
  place.proxy.next(operation, ...faults)
  const worker = workerForTest(language, place.settings)
  void append(place)
  return worker
}

async function append(place: Workplace): Promise<void> {
  await ask('PUT', place.stream)
  await place.append(order(1), { order: '2', total: 'two' })
}
