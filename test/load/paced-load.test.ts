import { describe, expect, it } from 'vitest'
import type { HttpClient } from '../../load/clients/http-client.ts'
import { pacedLoad } from '../../load/paced-load.ts'
import { Schedule } from '../../load/schedule.ts'
import { loadClient } from '../support/load-client.ts'

const TEN_THEN_TWENTY = new Schedule([
  { perSecond: 100, seconds: 0.1 },
  { perSecond: 200, seconds: 0.1 }
])

async function clientForTest(): Promise<HttpClient> {
  const client = await loadClient()
  await client.open()
  return client
}

describe('a paced load', () => {
  it('sends its whole schedule, and counts the requests that were due after the warm-up', async () => {
    const client = await clientForTest()
    const options = { schedule: TEN_THEN_TWENTY, warmUpMs: 100, pids: [process.pid] }
    const { sent, worstMs, latencies, late, longestAnswerMs } = await pacedLoad(client, options)
    expect(sent).toBe(30)
    expect(late.count).toBe(20)
    expect(latencies.count).toBe(20)
    expect(worstMs).toHaveLength(1)
    expect(worstMs[0]).toBeGreaterThanOrEqual(latencies.percentiles([100])[0] ?? 0)
    expect(longestAnswerMs).toBeGreaterThan(0)
    expect(await client.length()).toBe(30)
  })

  it('rejects if the server does not have exactly the entries that were sent', async () => {
    const client = await clientForTest()
    const options = { schedule: TEN_THEN_TWENTY, warmUpMs: 0, pids: [] }
    await expect(pacedLoad(client, { ...options, before: 1 })).rejects.toThrow(/"length":31.*"length":30/s)
  })
})
