import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { pace } from '../../load/pace.ts'

describe('pace', () => {
  it('sends all, each with its number and when it was due', async () => {
    const dueAts: number[] = []
    const startedAt = performance.now() - 1000
    const sent = await pace({ total: 30, perMs: 10, startedAt }, async (number, dueAt) => {
      dueAts[number] = dueAt - startedAt
    })
    expect(sent).toBe(30)
    const due = Array.from({ length: 30 }, (_, i) => (i / 10).toFixed(1))
    expect(dueAts.map((dueAt) => dueAt.toFixed(1))).toEqual(due)
  })

  it('sends on while nothing is answered, and gives up when too much is not', async () => {
    const endless = { total: 1_000_000, perMs: 10, startedAt: performance.now(), mostUnanswered: 100 }
    const sent = await pace(endless, () => sleep(50))
    expect(sent).toBeGreaterThan(100)
    expect(sent).toBeLessThan(1_000_000)
  })
})
