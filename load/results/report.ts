import { type Bound, COLUMNS, type Column, type Row } from '../scenario.ts'
import type { Result, Summary } from './summary.ts'
import { markdownTable } from './table.ts'

/** What a scenario came to. */
export interface ScenarioResults {
  readonly name: string
  readonly about: string
  readonly runs: number
  readonly results: readonly Result[]
  /** Of the last run. */
  readonly notes: readonly string[]
  /** Why it came to nothing. */
  readonly failure?: string
}

/** Under which circumstances the figures came about. */
export interface Circumstances {
  /** The machine, Node, fsync mode and commit, in a line. */
  readonly machine: string
  /** Day and hour. */
  readonly at: string
  /** Versions of those that run Weir: one, or the one of the column beside Weir's as well. */
  readonly nodes: readonly string[]
  /** Of each scenario that does not name another number. */
  readonly runs: number
  /** Whether the figures were measured for long enough to say something. */
  readonly isJudged: boolean
  /** Who or what was left out, and why, in a sentence each. */
  readonly leftOut: readonly string[]
}

export interface PlotFile {
  readonly title: string
  readonly file: string
}

/** Whether everything was measured, and what is required was reached. */
export function isSound({ results, failure }: ScenarioResults): boolean {
  return failure === undefined && results.every(({ row, reached }) => !row.required || reached !== false)
}

/** The whole of RESULTS.md. */
export function reportOf(
  scenarios: readonly ScenarioResults[],
  plots: readonly PlotFile[],
  circumstances: Circumstances
): string {
  const { machine, at, leftOut } = circumstances
  const notes = scenarios.flatMap((scenario) => scenario.notes)
  const failures = scenarios.flatMap(({ name, failure }) =>
    failure === undefined ? [] : `${name}: ${failure}`
  )
  return [
    '# Results',
    'Written by `npm run load`, never by hand.',
    `Measured ${at} on ${machine}.`,
    explanationOf(scenarios, circumstances),
    tableOf(scenarios, circumstances),
    ...listUnlessEmpty([...failures, ...leftOut]),
    ...plots.map(({ title, file }) => `## ${title}\n\n![${title}](${file})`),
    '## What else was seen',
    'In the last run. How many processors the server kept busy with all that belongs to it, how many the load generator, and how many everybody else on the machine, whose part must be next to nothing for a figure to be worth something. The generator is one thread but for `direct`: when it kept one processor busy, it is what was measured.',
    ...listUnlessEmpty(notes)
  ]
    .join('\n\n')
    .concat('\n')
}

function explanationOf(
  scenarios: readonly ScenarioResults[],
  { runs, nodes, isJudged }: Circumstances
): string {
  const others = scenarios.filter((scenario) => scenario.runs !== runs)
  const but = others.map((scenario) => `, ${scenario.runs} of \`${scenario.name}\``).join('')
  const isOne = runs === 1 && others.length === 0
  const often = isOne
    ? 'One run.'
    : `Medians of ${runs} runs${but}, with the least and the most in parentheses.`
  const who =
    '`floor` has the same routes and schemas and does no work; `proxy` is Fastify and the `redis` package in front of Redis with `appendfsync always`; `direct` are Node workers on that Redis; `webdis` is what Debian has; `baseline` is Weir under the other circumstances that the row names.'
  const [, otherNode] = nodes
  const other =
    otherNode === undefined ? '' : ` The second column is Weir on Node ${otherNode}, in turns with the first.`
  const judged = isJudged ? '' : ' Too short to say anything: these figures show that everything works.'
  return `${often} ${who} The ratio is Weir's figure divided by that of the one named.${other}${judged}`
}

/** One table of all questions. */
export function tableOf(scenarios: readonly ScenarioResults[], { isJudged, nodes }: Circumstances): string {
  const columns = COLUMNS.filter((column) =>
    scenarios.some(({ results }) => results.some((result) => result.columns[column] !== undefined))
  )
  const head = ['question', ...columns.map((column) => titleOf(column, nodes)), 'ratio', 'target', 'reached']
  return markdownTable(
    head,
    scenarios.flatMap((scenario) => linesOf(scenario, columns, isJudged))
  )
}

function linesOf({ name, results, failure }: ScenarioResults, columns: readonly Column[], isJudged: boolean) {
  if (failure !== undefined) return [[`${name} failed`, ...columns.map(() => ''), '', '', '**no**']]
  return results.map(({ row, columns: figures, ratio, reached }) => [
    row.question,
    ...columns.map((column) => cell(figures[column], row.show)),
    ratio === undefined ? '' : `${cell(ratio, times)} × ${row.against}`,
    targetOf(row),
    reached === undefined ? '' : isJudged || row.required ? (reached ? 'yes' : '**no**') : 'not judged'
  ])
}

function titleOf(column: Column, [node, otherNode]: readonly string[]): string {
  if (column === 'otherNode') return `Weir, Node ${otherNode}`
  if (column !== 'weir') return column
  return otherNode === undefined ? 'Weir' : `Weir, Node ${node}`
}

function cell(summary: Summary | undefined, show: (value: number) => string): string {
  if (summary === undefined) return ''
  const { median, min, max } = summary
  return min === max ? show(median) : `${show(median)} (${show(min)}–${show(max)})`
}

function times(ratio: number): string {
  return ratio.toFixed(2)
}

function targetOf({ ratio, value, against, show }: Row): string {
  const ofRatio = bounds(ratio, (bound) => `${bound} × ${against}`)
  return [...ofRatio, ...bounds(value, show)].join(', ')
}

function bounds(bound: Bound | undefined, show: (value: number) => string): string[] {
  if (bound === undefined) return []
  const { atLeast, above, atMost } = bound
  if (atLeast !== undefined && atLeast === atMost) return [show(atLeast)]
  return [
    ...(atLeast === undefined ? [] : [`≥ ${show(atLeast)}`]),
    ...(above === undefined ? [] : [`> ${show(above)}`]),
    ...(atMost === undefined ? [] : [`≤ ${show(atMost)}`])
  ]
}

function listUnlessEmpty(sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [sentences.map((sentence) => `- ${sentence}`).join('\n')]
}
