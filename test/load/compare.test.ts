import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSide } from '../../load/compare/side.ts'
import { turnsOf } from '../../load/compare/turns.ts'

describe('a side of a comparison', () => {
  it.each([
    ['.', { build: resolve('.'), flags: [] }],
    [
      '../before,--v8-pool-size=4,--jitless',
      { build: resolve('../before'), flags: ['--v8-pool-size=4', '--jitless'] }
    ],
    ['.,NODE=/opt/node,--jitless', { build: resolve('.'), flags: ['--jitless'], node: '/opt/node' }],
    ['direct', { build: undefined, flags: [] }]
  ])('is parsed from "%s"', (text, side) => {
    expect(parseSide(text)).toEqual({ text, ...side })
  })

  it.each(['.,jitless', '.,NODE=/opt/a,NODE=/opt/b'])('is refused: "%s"', (text) => {
    expect(() => parseSide(text)).toThrow(`Invalid side ${text}:`)
  })
})

describe('the summary of a comparison', () => {
  it('contains medians, and medians of the ratios to the first side in the same round', () => {
    const { names, rows } = turnsOf([
      [{ us: 10 }, { us: 40 }, { us: 20 }],
      [{ us: 11 }, { us: 80 }, { us: 24 }]
    ])
    expect(names).toEqual(['us'])
    // 11/10, 80/40 and 24/20: a round in which the machine was busy changes the medians, but not the ratio.
    expect(rows).toEqual([[{ median: 20, ratio: 1 }], [{ median: 24, ratio: 1.2 }]])
  })
})
