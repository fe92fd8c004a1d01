import { LANGUAGES } from './languages.ts'
import type { Found, Outcome } from './outcome.ts'

const HEAD = [
  'language',
  'generator',
  'generated lines',
  'types',
  'warnings',
  'compiled',
  'worker ran',
  'entries',
  'killed and taken over'
]

/** A table in Markdown with a row for each language. */
export function tableOf(outcomes: readonly Outcome[], found: Found): string {
  const rows = outcomes.map((outcome) => row(outcome, found))
  const widths = HEAD.map((cell, i) => Math.max(cell.length, ...rows.map((cells) => cells[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function row(outcome: Outcome, { runs, story }: Found): string[] {
  const { language, lines, types, warnings, isCompiled, failures } = outcome
  const { title, generator, hasWorker } = LANGUAGES[language]
  const [run, part] = [runs[language], story[language]]
  return [
    title,
    generator === 'none' ? '' : generator,
    generator === 'none' ? '' : lines.toLocaleString('en'),
    generator === 'none' ? '' : `${types}`,
    generator === 'none' ? '' : `${warnings}`,
    hasWorker ? yesOrNo(isCompiled) : failures.length === 0 ? 'names checked' : 'no',
    run === undefined ? '' : `${run.passed} of ${run.passed + run.failed} tests`,
    part === undefined ? '' : `${part.entries}`,
    part === undefined ? '' : `${part.takenOver} of ${part.held} held`
  ]
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : 'no'
}
