import { describe, expect, it } from 'vitest'
import {
  type Circumstances,
  isSound,
  reportOf,
  type ScenarioResults,
  tableOf
} from '../../load/results/report.ts'
import { withSecondNode } from '../../load/results/second-node.ts'
import { summarize } from '../../load/results/summary.ts'
import type { Row } from '../../load/scenario.ts'

const row: Row = {
  question: 'L1 appends a second',
  show: String,
  against: 'floor',
  ratio: { atLeast: 0.8 },
  value: { above: 100 }
}
const circumstances: Circumstances = {
  machine: '2 processors',
  at: '2026-01-01',
  nodes: ['v20.0.0'],
  runs: 3,
  isJudged: true,
  leftOut: []
}

function scenario(tested: Row, ...runs: { weir: number; floor: number }[]): ScenarioResults {
  const measurements = runs.map((perSecond) => ({ figures: { perSecond } }))
  return {
    name: 'appends',
    about: 'appends',
    runs: 3,
    results: summarize({ perSecond: tested }, measurements),
    notes: []
  }
}

/** The cells of each line of a table, without the line under its head. */
function cells(table: string): string[][] {
  const lines = table.split('\n').filter((_line, i) => i !== 1)
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((text) => text.trim())
  )
}

const failed = {
  name: 'paced',
  about: '',
  runs: 3,
  results: [],
  notes: [],
  failure: '3 entries were lost'
}

describe('the table of results', () => {
  it('shows medians with minimum and maximum, the ratio, the target and whether it was reached', () => {
    const measured = scenario(
      row,
      { weir: 180, floor: 200 },
      { weir: 170, floor: 200 },
      { weir: 190, floor: 200 }
    )
    expect(cells(tableOf([measured], circumstances))).toEqual([
      ['question', 'Weir', 'floor', 'ratio', 'target', 'reached'],
      [
        'L1 appends a second',
        '180 (170–190)',
        '200',
        '0.90 (0.85–0.95) × floor',
        '≥ 0.8 × floor, > 100',
        'yes'
      ]
    ])
  })

  it('shows that a target was not reached', () => {
    const [, line] = cells(tableOf([scenario(row, { weir: 1, floor: 2 })], circumstances))
    expect(line?.at(-1)).toBe('**no**')
  })

  it('does not judge short runs, except by required limits', () => {
    const short = { ...circumstances, isJudged: false }
    const measured = [
      scenario(row, { weir: 1, floor: 2 }),
      scenario({ ...row, required: true }, { weir: 1, floor: 2 })
    ]
    const [, first, second] = cells(tableOf(measured, short))
    expect(first?.at(-1)).toBe('not judged')
    expect(second?.at(-1)).toBe('**no**')
  })

  it('has a line for a scenario that failed', () => {
    const [, line] = cells(tableOf([failed], circumstances))
    expect(line).toEqual(['paced failed', '', '', '**no**'])
  })
})

describe('a second Node', () => {
  const measurement = (weir: number) => ({ figures: { perSecond: { weir, floor: 200 } }, notes: [`${weir}`] })
  const together = withSecondNode(measurement(180), measurement(240), 'v26.0.0')

  it('has a column of its own, and both columns name their Node', () => {
    const measured = { ...scenario(row), results: summarize({ perSecond: row }, [together]) }
    const [head, line] = cells(tableOf([measured], { ...circumstances, nodes: ['v20.0.0', 'v26.0.0'] }))
    expect(head?.slice(1, 4)).toEqual(['Weir, Node v20.0.0', 'Weir, Node v26.0.0', 'floor'])
    expect(line?.slice(1, 5)).toEqual(['180', '240', '200', '0.90 × floor'])
  })

  it('is named in the notes of its measurement', () => {
    expect(together.notes).toEqual(['180', 'Node v26.0.0, 240'])
  })
})

describe('a run', () => {
  it('fails if a scenario failed, or if a required limit was not kept', () => {
    expect(isSound(scenario(row, { weir: 1, floor: 2 }))).toBe(true)
    expect(isSound(scenario({ ...row, required: true }, { weir: 200, floor: 200 }))).toBe(true)
    expect(isSound(scenario({ ...row, required: true }, { weir: 1, floor: 2 }))).toBe(false)
    expect(isSound(failed)).toBe(false)
  })
})

describe('RESULTS.md', () => {
  it('shows the machine, what failed, what was left out, and the plots', () => {
    const plot = { title: 'Throughput', file: 'throughput.svg' }
    const report = reportOf([failed], [plot], { ...circumstances, leftOut: ['webdis was left out.'] })
    expect(report).toContain('Measured 2026-01-01 on 2 processors.')
    expect(report).toContain('- paced: 3 entries were lost\n- webdis was left out.')
    expect(report).toContain('Medians of 3 runs, with')
    expect(report).toContain('## Throughput\n\n![Throughput](throughput.svg)')
  })
  it('names scenarios that were measured more often than the others', () => {
    const often = { name: 'paced', about: '', runs: 5, results: [], notes: [] }
    expect(reportOf([often], [], circumstances)).toContain('Medians of 3 runs, 5 of `paced`, with')
  })
})
