import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { pace } from '../../load/pace.ts'
import { Schedule } from '../../load/schedule.ts'

describe('pace', () => {
  it('sends every request of the schedule, with its number and its due time', async () => {
    const dueAts: number[] = []
    const startedAt = performance.now() - 1000
    const schedule = new Schedule([{ perSecond: 10_000, seconds: 0.003 }])
    const sent = await pace({ schedule, startedAt }, async (number, dueAt) => {
      dueAts[number] = dueAt - startedAt
    })
    expect(sent).toBe(30)
    const due = Array.from({ length: 30 }, (_, i) => (i / 10).toFixed(1))
    expect(dueAts.map((dueAt) => dueAt.toFixed(1))).toEqual(due)
  })

  it('continues to send while no request is answered, and stops when too many are unanswered', async () => {
    const schedule = new Schedule([{ perSecond: 10_000, seconds: 100 }])
    const endless = { schedule, startedAt: performance.now(), maxUnanswered: 100 }
    const sent = await pace(endless, () => sleep(50))
    expect(sent).toBeGreaterThan(100)
    expect(sent).toBeLessThan(1_000_000)
  })
})
