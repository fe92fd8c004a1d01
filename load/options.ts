import { parseArgs } from 'node:util'
import type { Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

/** What a run is asked to do. */
export interface Options {
  readonly scenarios: readonly Scenario[]
  readonly runs: number
  /** Of each measurement, instead of what the scenario says. */
  readonly seconds?: number
  readonly isQuick: boolean
  readonly engine: 'embedded' | 'redis'
}

export const HELP = `Usage: npm run load -- [--only NAMES] [--runs N] [--seconds N] [--quick] [--engine redis]

Builds Weir, starts it and those it is compared with on loopback, one after the other, each new and empty and in its
default configuration, measures them, and prints one table. A run of everything writes load/RESULTS.md and its plots;
any other one writes the same into load/out. Weir's variables are passed on: WEIR_FSYNC=everysec npm run load.
Exits with 1 when something was lost, doubled or refused, or when a limit of memory was passed.

  --only NAMES    only these scenarios, with commas between them:
${SCENARIOS.map(({ name, about }) => `                    ${name.padEnd(12)} ${about}`).join('\n')}
  --runs N        how often everything is measured; the median counts (3)
  --seconds N     how long each measurement takes, without its warm-up
                    (${SCENARIOS.map(({ name, defaultSeconds }) => `${name} ${defaultSeconds}`).join(', ')})
  --quick         all in two minutes, once and with a hundredth of the entries, to see that it works: no figure counts
  --engine redis  Weir on a Redis that is started for it, instead of its embedded engine
`

const OPTIONS = {
  help: { type: 'boolean' },
  only: { type: 'string', multiple: true },
  runs: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  engine: { type: 'string', default: 'embedded' }
} as const

/** What the arguments ask for, or "help". Throws a sentence when that is not clear. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) return 'help'
  const { engine, quick: isQuick } = values
  if (engine !== 'embedded' && engine !== 'redis') throw new Error(`There is no engine ${engine}.`)
  return {
    scenarios: chosen(values.only),
    runs: positiveInteger(values.runs ?? (isQuick ? '1' : '3')),
    ...(values.seconds !== undefined && { seconds: positiveInteger(values.seconds) }),
    isQuick,
    engine
  }
}

/** All of them, or those of these names, which may be joined by commas. */
export function chosen(only: readonly string[] | undefined): Scenario[] {
  if (only === undefined) return [...SCENARIOS]
  const names = only.flatMap((list) => list.split(','))
  const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}. Try --help.`)
  return SCENARIOS.filter(({ name }) => names.includes(name))
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is not a positive integer.`)
  return Number(text)
}
