import { describe, expect, it } from 'vitest'
import { Schedule } from '../../load/schedule.ts'

describe('a schedule', () => {
  it('spreads the requests of a phase evenly', () => {
    const schedule = new Schedule([{ perSecond: 4, seconds: 1 }])
    expect(schedule.total).toBe(4)
    expect([0, 1, 2, 3].map((number) => schedule.dueMs(number))).toEqual([0, 250, 500, 750])
  })

  it('begins each phase at the end of the one before', () => {
    const schedule = new Schedule([
      { perSecond: 4, seconds: 0.5 },
      { perSecond: 2, seconds: 1 }
    ])
    expect(schedule.total).toBe(4)
    expect([0, 1, 2, 3].map((number) => schedule.dueMs(number))).toEqual([0, 250, 500, 1000])
    expect(schedule.maxPerSecond).toBe(4)
  })
})
