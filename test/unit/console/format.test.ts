import { describe, expect, it } from 'vitest'
import { ago, count, duration, momentOf, rate, shortCount, size } from '../../../src/console/format.ts'

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [4200, '4.2 s'],
    [5000, '5 s'],
    [12_900, '12 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [90_000_000, '1 d 1 h'],
    [null, '–']
  ])('formats %s ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('size', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [4249, '4.25 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [12_345_678, '12.3 MB'],
    [7e9, '7 GB'],
    [Number.MAX_SAFE_INTEGER, '9.01 PB'],
    [null, '–']
  ])('formats %s bytes as %s', (bytes, text) => {
    expect(size(bytes)).toBe(text)
  })
})

describe('a number', () => {
  it.each([
    [count(1_234_567), '1,234,567'],
    [count(null), '–'],
    [shortCount(9999), '9,999'],
    [shortCount(12_345), '12.3K'],
    [rate(0.123), '0.12'],
    [rate(1234.5), '1,235'],
    [rate(null), '–']
  ])('is formatted as %s', (text, wanted) => {
    expect(text).toBe(wanted)
  })
})

describe('momentOf', () => {
  it('returns the time of an id only if it is plausible', () => {
    expect(momentOf('1767225600000-3')).toBe(1767225600000)
    expect(momentOf('5-0')).toBeNull()
    expect(momentOf('18446744073709551615-0')).toBeNull()
  })
})

describe('ago', () => {
  it.each([
    [999, 'now'],
    [12_400, '12 s ago'],
    [125_000, '2 min ago'],
    [90_000_000, '1 d ago']
  ])('formats a time %i ms ago as %s', (ms, text) => {
    expect(ago(1767225600000, 1767225600000 + ms)).toBe(text)
  })
})
