import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSide } from '../../load/compare/side.ts'
import { takeTurns, turnsOf } from '../../load/compare/turns.ts'
import { POLICY } from '../../load/orders.ts'

describe('a side of a comparison', () => {
  it.each([
    ['.', { build: resolve('.'), flags: [] }],
    [
      '../before,--v8-pool-size=4,--jitless',
      { build: resolve('../before'), flags: ['--v8-pool-size=4', '--jitless'] }
    ],
    ['.,NODE=/opt/node,--jitless', { build: resolve('.'), flags: ['--jitless'], node: '/opt/node' }],
    ['.,POLICY', { build: resolve('.'), flags: [], delivery: POLICY }],
    [
      '../before,--jitless,POLICY,NODE=/opt/node',
      { build: resolve('../before'), flags: ['--jitless'], node: '/opt/node', delivery: POLICY }
    ],
    ['direct', { build: undefined, flags: [] }]
  ])('is parsed from "%s"', (text, side) => {
    expect(parseSide(text)).toEqual({ text, ...side })
  })

  it.each(['.,jitless', '.,NODE=/opt/a,NODE=/opt/b', '.,policy', 'direct,POLICY'])(
    'is refused: "%s"',
    (text) => {
      expect(() => parseSide(text)).toThrow(`Invalid side ${text}:`)
    }
  )
})

describe('the turns of a comparison', () => {
  it('have the opposite order in every second round', async () => {
    const order: string[] = []
    const rounds: number[] = []
    const turn = async (side: string) => ({ number: order.push(side) })
    const turns = await takeTurns(['a', 'b'], turn, { rounds: 3, onRound: (round) => rounds.push(round) })
    expect(order.join('')).toBe('abbaab')
    expect(rounds).toEqual([1, 2, 3])
    expect(turns).toEqual([
      [{ number: 1 }, { number: 4 }, { number: 5 }],
      [{ number: 2 }, { number: 3 }, { number: 6 }]
    ])
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
