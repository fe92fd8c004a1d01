import { describe, expect, it } from 'vitest'
import { IdleScan } from '../../../src/redis/waiting/idle-scan.ts'

const result = { from: '5-0', oldestMs: 10 }

describe('IdleScan', () => {
  it('forgets the groups of a deleted stream', () => {
    const scan = new IdleScan(() => 0)
    for (let cycle = 0; cycle < 1000; cycle++) {
      const stream = `orders-${cycle}`
      for (const group of ['billing', 'audit']) scan.note({ stream, group }, result, scan.generation)
      expect(scan.size).toBe(2)
      scan.forget(stream)
      scan.forget(stream)
      expect(scan.size).toBe(0)
    }
  })

  it('forgets streams and groups that disappear unnoticed within a minute', () => {
    let now = 0
    const scan = new IdleScan(() => now)
    for (let cycle = 0; cycle < 10_000; cycle++) {
      now += 100
      scan.note({ stream: `orders-${cycle}`, group: 'billing' }, result, scan.generation)
      scan.note({ stream: 'orders', group: `billing-${cycle}` }, result, scan.generation)
      expect(scan.size).toBeLessThanOrEqual(1200)
    }
    expect(scan.from({ stream: 'orders', group: 'billing-9999' })).toBe('5-0')
    expect(scan.from({ stream: 'orders', group: 'billing-0' })).toBe('-')
    now += 60_000
    scan.sweep()
    expect(scan.size).toBe(0)
  })

  it('remembers at most 100,000 groups, the most recent ones', () => {
    const scan = new IdleScan(() => 0)
    for (let i = 0; i < 100_100; i++) scan.note({ stream: `s${i}`, group: 'g' }, result, scan.generation)
    expect(scan.size).toBe(100_000)
    for (let i = 0; i < 100_100; i++) scan.note({ stream: 's', group: `g${i}` }, result, scan.generation)
    expect(scan.size).toBe(100_000)
    expect(scan.from({ stream: 's', group: 'g100099' })).toBe('5-0')
  })
})
