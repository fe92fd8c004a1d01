import { type Bound, COLUMNS, type Column, type Row } from '../scenario.ts'
import type { Result, Summary } from './summary.ts'
import { markdownTable } from './table.ts'

/** The results of a scenario. */
export interface ScenarioResults {
  readonly name: string
  readonly about: string
  readonly runs: number
  readonly results: readonly Result[]
  /** Those of the last run. */
  readonly notes: readonly string[]
  /** Why the scenario failed. Left out if it did not. */
  readonly failure?: string
}

/** How the figures were measured. */
export interface Circumstances {
  /** The machine, Node, fsync mode and commit, in one line. */
  readonly machine: string
  /** The date. */
  readonly at: string
  /** The versions of Node that run Weir. A second one has a column of its own. */
  readonly nodes: readonly string[]
  /** The number of runs of each scenario without a number of its own. */
  readonly runs: number
  /** Whether targets are judged: not if the measurements were too short. */
  readonly isJudged: boolean
  /** What was left out and why, in a sentence each. */
  readonly leftOut: readonly string[]
}

export interface PlotFile {
  readonly title: string
  readonly file: string
}

/** Whether the scenario was measured and reached its required targets. */
export function isSound({ results, failure }: ScenarioResults): boolean {
  return failure === undefined && results.every(({ row, reached }) => !row.required || reached !== false)
}

/** Returns the content of RESULTS.md. */
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
    '## Notes',
    'From the last run. They show how many processors the server with its Redis, the load generator and all other programs of the machine kept busy. Figures are reliable only if the other programs used next to nothing. The generator is one thread, except for `direct`. If it kept one processor busy, its own limit was measured.',
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
  const exceptions = others.map((scenario) => `, ${scenario.runs} of \`${scenario.name}\``).join('')
  const isOne = runs === 1 && others.length === 0
  const statistics = isOne
    ? 'One run.'
    : `Medians of ${runs} runs${exceptions}, with the smallest and the largest figure in parentheses.`
  const columns =
    '`floor` has the same routes and schemas and does no work. `proxy` is Fastify and the `redis` package in front of Redis with `appendfsync always`. `direct` are Node workers on such a Redis. `webdis` is the HTTP interface to Redis that Debian has. `baseline` is Weir under other conditions, which the row names.'
  const [, otherNode] = nodes
  const secondNode =
    otherNode === undefined
      ? ''
      : ` The second column is Weir on Node ${otherNode}, measured in turns with the first.`
  const judged = isJudged
    ? ''
    : ' The measurements are too short to judge: they only show that everything works.'
  return `${statistics} ${columns} A ratio is Weir's figure divided by that of the named column.${secondNode}${judged}`
}

/** Returns one table with the rows of all scenarios. */
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
