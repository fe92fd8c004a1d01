import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Scenario } from './scenario.ts'
import { SCENARIOS, scenariosOf } from './scenarios/all.ts'
import { DEFAULT_SETTING, type Setting } from './setting.ts'

/** What a run measures, and how. */
export interface Options extends Setting {
  readonly scenarios: readonly Scenario[]
  /** The number of runs of every scenario, instead of its default. */
  readonly runs?: number
  /** The duration of every measurement, instead of the scenario's default. */
  readonly seconds?: number
  readonly isQuick: boolean
  /** The paths of the Node that runs Weir and its peers, and optionally of a second one for Weir. */
  readonly nodes: readonly string[]
}

/** How often a scenario is measured that has no default of its own. */
export const RUNS = 3

export const HELP = `Usage: npm run load -- [--only NAMES] [--runs N] [--seconds N] [--rate N] [--quick] [--engine redis]
                           [--node PATH]

Builds Weir. Starts Weir and its peers on loopback, one after the other, each empty and in its default configuration.
Measures them and prints one table. A run of everything writes load/RESULTS.md and its plots. Any other run writes the
same files to load/out. Weir's environment variables are passed on: WEIR_FSYNC=everysec npm run load.
Exits with 1 if an entry was lost, delivered twice or refused, or if Weir exceeded a memory limit.

  --only NAMES    measure only these scenarios, separated by commas:
${SCENARIOS.map(({ name, about }) => `                    ${name.padEnd(12)} ${about}`).join('\n')}
  --runs N        number of runs; the table shows medians
                    (default: ${RUNS}, but ${valuesByName(({ defaultRuns }) => defaultRuns)})
  --seconds N     duration of each measurement, without its warm-up
                    (default: ${valuesByName(({ defaultSeconds }) => defaultSeconds)})
  --rate N        appends a second in the scenarios with a steady rate (default: ${DEFAULT_SETTING.rate}); at any
                    other rate, their targets in milliseconds do not apply
  --node PATH     the Node that runs Weir and the peers written for Node (default: the one that runs this). A second
                    --node adds a column: Weir is measured on each Node in turn
  --quick         run everything once in three minutes, with a hundredth of the entries, to see that it works; the
                    figures do not count
  --engine redis  run Weir on a Redis of its own, instead of its embedded engine
`

const OPTIONS = {
  help: { type: 'boolean' },
  only: { type: 'string', multiple: true },
  runs: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  rate: { type: 'string', default: String(DEFAULT_SETTING.rate) },
  node: { type: 'string', multiple: true },
  engine: { type: 'string', default: 'embedded' }
} as const

/** Parses the command-line arguments. Throws an Error with a sentence for the user if they are invalid. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) return 'help'
  const { engine, quick: isQuick, node: nodes = [process.execPath] } = values
  if (engine !== 'embedded' && engine !== 'redis') throw new Error(`Unknown engine: ${engine}.`)
  if (nodes.length > MAX_NODES) throw new Error(`--node can be given at most ${MAX_NODES} times.`)
  const rate = positiveInteger(values.rate)
  return {
    scenarios: selectScenarios(values.only, scenariosOf({ rate, engine })),
    ...(values.runs !== undefined && { runs: positiveInteger(values.runs) }),
    ...(values.seconds !== undefined && { seconds: positiveInteger(values.seconds) }),
    rate,
    isQuick,
    engine,
    nodes: nodes.map((node) => resolve(node))
  }
}

const MAX_NODES = 2

/** Returns the scenarios with the given names, which may be lists separated by commas. Without names, returns all. */
export function selectScenarios(
  only: readonly string[] | undefined,
  scenarios: readonly Scenario[] = SCENARIOS
): Scenario[] {
  if (only === undefined) return [...scenarios]
  const names = only.flatMap((list) => list.split(','))
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0) throw new Error(`Unknown scenario: ${unknown.join(', ')}. Try --help.`)
  return scenarios.filter(({ name }) => names.includes(name))
}

/** Lists each scenario that has this value, with the value. */
function valuesByName(valueIn: (scenario: Scenario) => number | undefined): string {
  const scenarios = SCENARIOS.filter((scenario) => valueIn(scenario) !== undefined)
  return scenarios.map((scenario) => `${scenario.name} ${valueIn(scenario)}`).join(', ')
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is not a positive integer.`)
  return Number(text)
}
