import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contender } from './contender.ts'
import { machine, nodeVersion } from './machine.ts'
import { HELP, type Options, RUNS, readOptions } from './options.ts'
import { missingPrograms } from './program.ts'
import { PLOTS } from './results/all-plots.ts'
import {
  type Circumstances,
  isSound,
  type PlotFile,
  reportOf,
  type ScenarioResults,
  tableOf
} from './results/report.ts'
import { withSecondNode } from './results/second-node.ts'
import { summarize } from './results/summary.ts'
import { type Measurement, progress, type Scenario, type ScenarioOptions } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'

/** The time before each measurement that does not count. */
const WARM_UP_SECONDS = 3
/** Makes all scenarios take three minutes. */
const QUICK = { seconds: 1, warmUpSeconds: 0.2, share: 0.01 }

/** The programs that a contender needs and that npm does not install. */
const REQUIRED_PROGRAMS: Readonly<Partial<Record<Contender, readonly string[]>>> = {
  proxy: ['redis-server'],
  direct: ['redis-server'],
  webdis: ['redis-server', 'webdis']
}

process.exitCode = await main()

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') {
    console.log(HELP)
    return 0
  }
  const versions = options.nodes.map(nodeVersion)
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
  const startedAt = performance.now()
  const { scenarios, leftOut } = availableScenarios(options)
  const circumstances = circumstancesOf(options, versions, leftOut)
  const measured: Measured[] = []
  for (const scenario of scenarios) measured.push(await measureAll(scenario, options))

  const results = measured.map((each) => each.results)
  console.log(`${circumstances.machine}\n\n${tableOf(results, circumstances)}`)
  const file = await write(measured, circumstances, options)
  progress(`took ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes; see ${file}`)
  return results.every(isSound) ? 0 : 1
}

/** The results of a scenario, and its runs, from which plots are drawn. */
interface Measured {
  readonly results: ScenarioResults
  readonly measurements: readonly Measurement[]
}

/**
 * Returns the scenarios that are possible with this engine, each with the contenders that are possible on this machine.
 * `leftOut` says what is missing and why, in sentences.
 */
function availableScenarios({ scenarios, engine }: Options): { scenarios: Scenario[]; leftOut: string[] } {
  const leftOut: string[] = []
  const all = new Set(scenarios.flatMap(({ contenders }) => contenders))
  const unavailable = [...all].filter((contender) => {
    const missing = missingPrograms(REQUIRED_PROGRAMS[contender] ?? [])
    if (missing.length === 0) return false
    leftOut.push(`${contender} was left out: ${missing.join(' and ')} is not installed.`)
    return true
  })
  const possible = scenarios.filter(({ name, embeddedOnly = false }) => {
    const isPossible = engine === 'embedded' || !embeddedOnly
    if (!isPossible) leftOut.push(`${name} was left out: it measures the embedded engine only.`)
    return isPossible
  })
  for (const sentence of leftOut) progress(sentence)
  const available = (contenders: readonly Contender[]) =>
    contenders.filter((contender) => !unavailable.includes(contender))
  return {
    scenarios: possible.map((scenario) => ({ ...scenario, contenders: available(scenario.contenders) })),
    leftOut
  }
}

/** Runs a scenario several times. Every second run has the contenders in reverse order. */
async function measureAll(scenario: Scenario, options: Options): Promise<Measured> {
  const { name, about, rows, defaultRuns = RUNS } = scenario
  const runs = options.runs ?? (options.isQuick ? 1 : defaultRuns)
  const measurements: Measurement[] = []
  let failure: string | undefined
  try {
    for (let run = 0; run < runs; run++) {
      console.error(`${name}, run ${run + 1} of ${runs}: ${about}`)
      measurements.push(await measureOnce(scenario, run, options))
    }
  } catch (error) {
    // Measures the other scenarios all the same. The run as a whole fails.
    failure = error instanceof Error ? error.message : String(error)
    console.error(error)
  }
  const notes = measurements.at(-1)?.notes ?? []
  const results = summarize(rows, measurements)
  return { results: { name, about, runs, results, notes, ...(failure && { failure }) }, measurements }
}

/**
 * One run. With a second Node, Weir is also measured on it: after everything else, and in every second run before it.
 */
async function measureOnce(scenario: Scenario, run: number, options: Options): Promise<Measurement> {
  const { contenders, defaultSeconds } = scenario
  const { isQuick, engine, nodes } = options
  const [node = process.execPath, otherNode] = nodes
  const extent = isQuick ? QUICK : { seconds: defaultSeconds, warmUpSeconds: WARM_UP_SECONDS, share: 1 }
  const isInOrder = run % 2 === 0
  const measureOn = (nodePath: string, measured: readonly Contender[]): Promise<Measurement> => {
    const scenarioOptions: ScenarioOptions = {
      ...extent,
      seconds: options.seconds ?? extent.seconds,
      contenders: isInOrder ? measured : measured.toReversed(),
      weir: { engine, node: nodePath }
    }
    return scenario.measure(scenarioOptions)
  }
  if (otherNode === undefined) return measureOn(node, contenders)
  const before = isInOrder ? undefined : await measureOn(otherNode, ['weir'])
  const first = await measureOn(node, contenders)
  return withSecondNode(first, before ?? (await measureOn(otherNode, ['weir'])), nodeVersion(otherNode))
}

function circumstancesOf(
  { runs, isQuick, engine }: Options,
  nodes: readonly string[],
  leftOut: readonly string[]
): Circumstances {
  const at = new Date().toISOString().slice(0, 10)
  const defaultRuns = runs ?? (isQuick ? 1 : RUNS)
  return { machine: machine(engine, nodes), at, nodes, runs: defaultRuns, isJudged: !isQuick, leftOut }
}

/** Writes RESULTS.md and its plots. Returns the path of RESULTS.md. */
async function write(
  measured: readonly Measured[],
  circumstances: Circumstances,
  options: Options
): Promise<string> {
  const directory = fileURLToPath(new URL(isWhole(options) ? '.' : 'out/', import.meta.url))
  await mkdir(directory, { recursive: true })
  const plots: PlotFile[] = []
  for (const plot of PLOTS) {
    const { measurements = [] } = measured.find(({ results }) => results.name === plot.scenario) ?? {}
    const svg = plot.draw(measurements)
    if (svg === undefined) continue
    await writeFile(join(directory, plot.file), svg)
    plots.push(plot)
  }
  const file = join(directory, 'RESULTS.md')
  const results = measured.map((each) => each.results)
  await writeFile(file, reportOf(results, plots, circumstances))
  return file
}

/** Whether the results replace the committed ones: all scenarios were measured, and none was shortened. */
function isWhole({ scenarios, runs, seconds, isQuick, engine }: Options): boolean {
  const isLong = (runs === undefined || runs >= RUNS) && seconds === undefined && !isQuick
  return isLong && scenarios.length === SCENARIOS.length && engine === 'embedded'
}
