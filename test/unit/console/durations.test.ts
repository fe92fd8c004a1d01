import { describe, expect, it } from 'vitest'
import { exactDuration, parseDuration, withDurations } from '../../../src/console/durations.ts'

describe('a duration that can be edited', () => {
  it.each([
    [0, '0 s'],
    [100, '100 ms'],
    [30_000, '30 s'],
    [90_500, '1 min 30 s 500 ms'],
    [43_200_000, '12 h'],
    [30 * 86_400_000, '30 d']
  ])('formats %s ms as %s and parses it again', (ms, text) => {
    expect(exactDuration(ms)).toBe(text)
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    ['30s', 30_000],
    [' 1.5 min ', 90_000],
    ['1h30min', 5_400_000]
  ])('parses "%s"', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', ' ', '30', 'soon', '-5 s', '5 s or so', '5 weeks', 's', '1 s, 2 s'])(
    'refuses "%s"',
    (text) => {
      expect(parseDuration(text)).toBeNull()
    }
  )

  it('replaces the milliseconds in a fault', () => {
    expect(withDurations('Must be at most 43200000, got 43200001')).toBe(
      'Must be at most 12 h, got 12 h 1 ms'
    )
    expect(withDurations('Must have at most 32 items, got 33')).toBe('Must have at most 32 items, got 33')
  })
})
