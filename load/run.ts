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

/** What comes before each measurement and does not count. */
const WARM_UP_SECONDS = 3
/** For all scenarios in three minutes. */
const QUICK = { seconds: 1, warmUpSeconds: 0.2, share: 0.01 }

/** What peers are made of that does not come with npm. */
const NEEDS: Readonly<Partial<Record<Contender, readonly string[]>>> = {
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
  const { scenarios, leftOut } = whoCanTakePart(options)
  const circumstances = circumstancesOf(options, versions, leftOut)
  const measured: Measured[] = []
  for (const scenario of scenarios) measured.push(await measureAll(scenario, options))

  const results = measured.map((each) => each.results)
  console.log(`${circumstances.machine}\n\n${tableOf(results, circumstances)}`)
  const file = await write(measured, circumstances, options)
  progress(`took ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes; see ${file}`)
  return results.every(isSound) ? 0 : 1
}

/** What a scenario came to, and the runs of it that plots are made of. */
interface Measured {
  readonly results: ScenarioResults
  readonly measurements: readonly Measurement[]
}

/** The scenarios without those whom this machine or the engine does not let take part, and why. */
function whoCanTakePart({ scenarios, engine }: Options): { scenarios: Scenario[]; leftOut: string[] } {
  const leftOut: string[] = []
  const peers = new Set(scenarios.flatMap(({ contenders }) => contenders))
  const absent = [...peers].filter((peer) => {
    const missing = missingPrograms(NEEDS[peer] ?? [])
    if (missing.length > 0) leftOut.push(`${peer} was left out: ${missing.join(' and ')} is not installed.`)
    return missing.length > 0
  })
  const possible = scenarios.filter(({ name, embeddedOnly = false }) => {
    const isPossible = engine === 'embedded' || !embeddedOnly
    if (!isPossible) leftOut.push(`${name} was left out: it is about the embedded engine.`)
    return isPossible
  })
  for (const sentence of leftOut) progress(sentence)
  const withoutAbsent = (contenders: readonly Contender[]) =>
    contenders.filter((peer) => !absent.includes(peer))
  return {
    scenarios: possible.map((scenario) => ({ ...scenario, contenders: withoutAbsent(scenario.contenders) })),
    leftOut
  }
}

/** Measures a scenario as often as asked; every second time those who take part come in the other order. */
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
    // The other scenarios are still worth their time; this one fails the run.
    failure = error instanceof Error ? error.message : String(error)
    console.error(error)
  }
  const notes = measurements.at(-1)?.notes ?? []
  const results = summarize(rows, measurements)
  return { results: { name, about, runs, results, notes, ...(failure && { failure }) }, measurements }
}

/** One run. With a second Node, Weir runs on that one as well, before or after everything else in turns. */
async function measureOnce(scenario: Scenario, run: number, options: Options): Promise<Measurement> {
  const { contenders, defaultSeconds } = scenario
  const { isQuick, engine, nodes } = options
  const [node = process.execPath, otherNode] = nodes
  const asked = isQuick ? QUICK : { seconds: defaultSeconds, warmUpSeconds: WARM_UP_SECONDS, share: 1 }
  const isInOrder = run % 2 === 0
  const measureOn = (theNode: string, taking: readonly Contender[]): Promise<Measurement> => {
    const scenarioOptions: ScenarioOptions = {
      ...asked,
      seconds: options.seconds ?? asked.seconds,
      contenders: isInOrder ? taking : taking.toReversed(),
      weir: { engine, node: theNode }
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
  const often = runs ?? (isQuick ? 1 : RUNS)
  return { machine: machine(engine, nodes), at, nodes, runs: often, isJudged: !isQuick, leftOut }
}

/** Writes RESULTS.md and its plots, and says where that is. */
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

/** Only a run of everything, as long as it takes, is worth keeping. */
function isWhole({ scenarios, runs, seconds, isQuick, engine }: Options): boolean {
  const isLong = (runs === undefined || runs >= RUNS) && seconds === undefined && !isQuick
  return isLong && scenarios.length === SCENARIOS.length && engine === 'embedded'
}
