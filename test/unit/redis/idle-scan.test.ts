import { describe, expect, it } from 'vitest'
import { IdleScan } from '../../../src/redis/waiting/idle-scan.ts'

const look = { from: '5-0', oldestMs: 10 }

describe('IdleScan', () => {
  it('forgets what was deleted, in whatever order', () => {
    const times = new IdleScan(() => 0)
    for (let cycle = 0; cycle < 1000; cycle++) {
      const stream = `orders-${cycle}`
      for (const group of ['billing', 'audit']) times.note({ stream, group }, look, times.generation)
      expect(times.size).toBe(2)
      times.forget(stream)
      times.forget(stream)
      expect(times.size).toBe(0)
    }
  })

  it('forgets within a minute what nobody says is gone: streams, and groups of a stream that stays', () => {
    let now = 0
    const times = new IdleScan(() => now)
    for (let cycle = 0; cycle < 10_000; cycle++) {
      now += 100
      times.note({ stream: `orders-${cycle}`, group: 'billing' }, look, times.generation)
      times.note({ stream: 'orders', group: `billing-${cycle}` }, look, times.generation)
      expect(times.size).toBeLessThanOrEqual(1200)
    }
    expect(times.from({ stream: 'orders', group: 'billing-9999' })).toBe('5-0')
    expect(times.from({ stream: 'orders', group: 'billing-0' })).toBe('-')
    now += 60_000
    times.sweep()
    expect(times.size).toBe(0)
  })

  it('knows of 100,000 groups at most, the last ones', () => {
    const times = new IdleScan(() => 0)
    for (let i = 0; i < 100_100; i++) times.note({ stream: `s${i}`, group: 'g' }, look, times.generation)
    expect(times.size).toBe(100_000)
    for (let i = 0; i < 100_100; i++) times.note({ stream: 's', group: `g${i}` }, look, times.generation)
    expect(times.size).toBe(100_000)
    expect(times.from({ stream: 's', group: 'g100099' })).toBe('5-0')
  })
})
