import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Scenario } from './scenario.ts'
import { SCENARIOS, scenariosOf } from './scenarios/all.ts'
import { DEFAULT_SETTING, type Setting } from './setting.ts'

/** What a run is asked to do. */
export interface Options extends Setting {
  readonly scenarios: readonly Scenario[]
  /** Of each scenario, instead of what the scenario says. */
  readonly runs?: number
  /** Of each measurement, instead of what the scenario says. */
  readonly seconds?: number
  readonly isQuick: boolean
  /** The Node that runs Weir and its peers, and a second one for Weir, if there is to be one. */
  readonly nodes: readonly string[]
}

/** How often a scenario is measured that does not say. */
export const RUNS = 3

export const HELP = `Usage: npm run load -- [--only NAMES] [--runs N] [--seconds N] [--rate N] [--quick] [--engine redis]
                           [--node PATH]

Builds Weir, starts it and those it is compared with on loopback, one after the other, each new and empty and in its
default configuration, measures them, and prints one table. A run of everything writes load/RESULTS.md and its plots;
any other one writes the same into load/out. Weir's variables are passed on: WEIR_FSYNC=everysec npm run load.
Exits with 1 when something was lost, doubled or refused, or when a limit of memory was passed.

  --only NAMES    only these scenarios, with commas between them:
${SCENARIOS.map(({ name, about }) => `                    ${name.padEnd(12)} ${about}`).join('\n')}
  --runs N        how often everything is measured; the median counts
                    (${RUNS}, but ${namesAnd(({ defaultRuns }) => defaultRuns)})
  --seconds N     how long each measurement takes, without its warm-up
                    (${namesAnd(({ defaultSeconds }) => defaultSeconds)})
  --rate N        appends a second of the scenarios with a steady rate (${DEFAULT_SETTING.rate}); at another rate their
                    targets in milliseconds do not count
  --node PATH     the Node that runs Weir and the peers written for Node, instead of the one that runs this. A second
                    --node gets a column of its own: Weir is measured on each of them in turns
  --quick         all in three minutes, once and with a hundredth of the entries, to see that it works: no figure counts
  --engine redis  Weir on a Redis that is started for it, instead of its embedded engine
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

/** What the arguments ask for, or "help". Throws a sentence when that is not clear. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) return 'help'
  const { engine, quick: isQuick, node: nodes = [process.execPath] } = values
  if (engine !== 'embedded' && engine !== 'redis') throw new Error(`There is no engine ${engine}.`)
  if (nodes.length > MOST_NODES) throw new Error(`Weir is compared on ${MOST_NODES} Nodes at most.`)
  const rate = positiveInteger(values.rate)
  return {
    scenarios: chosen(values.only, scenariosOf({ rate, engine })),
    ...(values.runs !== undefined && { runs: positiveInteger(values.runs) }),
    ...(values.seconds !== undefined && { seconds: positiveInteger(values.seconds) }),
    rate,
    isQuick,
    engine,
    nodes: nodes.map((node) => resolve(node))
  }
}

const MOST_NODES = 2

/** All of these scenarios, or those with these names, which may be joined by commas. */
export function chosen(
  only: readonly string[] | undefined,
  scenarios: readonly Scenario[] = SCENARIOS
): Scenario[] {
  if (only === undefined) return [...scenarios]
  const names = only.flatMap((list) => list.split(','))
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}. Try --help.`)
  return scenarios.filter(({ name }) => names.includes(name))
}

/** The scenarios that have a value, each with it. */
function namesAnd(value: (scenario: Scenario) => number | undefined): string {
  const having = SCENARIOS.filter((scenario) => value(scenario) !== undefined)
  return having.map((scenario) => `${scenario.name} ${value(scenario)}`).join(', ')
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is not a positive integer.`)
  return Number(text)
}
