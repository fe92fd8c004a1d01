import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import type { Scenario } from './scenario.ts'
import { appends } from './scenarios/appends.ts'
import { checkpoints } from './scenarios/checkpoints.ts'
import { memory } from './scenarios/memory.ts'
import { overload } from './scenarios/overload.ts'
import { paced } from './scenarios/paced.ts'
import { pending } from './scenarios/pending.ts'
import { restart } from './scenarios/restart.ts'
import { sizes } from './scenarios/sizes.ts'

const SCENARIOS: readonly Scenario[] = [
  appends,
  paced,
  overload,
  checkpoints,
  sizes,
  pending,
  memory,
  restart
]

/** What `--quick` makes of the entries that a scenario is about. */
const QUICK_SHARE = 0.02

const HELP = `Usage: npm run load -- [--only NAME] [--seconds N] [--runs N] [--quick]

Builds Weir, starts it on loopback with a new data directory and the default configuration, measures it, and prints
Markdown on stdout. Weir's variables are passed on, so that WEIR_FSYNC=everysec npm run load measures that.
Exits with 1 when something was lost, doubled or refused.

  --only NAME    only this scenario:
${SCENARIOS.map(({ name, about }) => `                   ${name.padEnd(12)} ${about}`).join('\n')}
  --seconds N    how long each measurement takes, without its warm-up
                   (${SCENARIOS.map(({ name, defaultSeconds }) => `${name}: ${defaultSeconds}`).join(', ')})
  --runs N       how often a comparison is repeated; the median counts (3)
  --quick        with a fiftieth of the entries, to see whether a scenario works; its figures say little
`

const OPTIONS = {
  help: { type: 'boolean' },
  only: { type: 'string' },
  seconds: { type: 'string' },
  runs: { type: 'string', default: '3' },
  quick: { type: 'boolean', default: false }
} as const

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const chosen = SCENARIOS.filter(({ name }) => values.only === undefined || values.only === name)
  if (chosen.length === 0) throw new Error(`There is no scenario ${values.only}. Try --help.`)
  const runs = positiveInteger(values.runs)
  const seconds = values.seconds === undefined ? undefined : positiveInteger(values.seconds)
  const share = values.quick ? QUICK_SHARE : 1

  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
  console.log(machine())
  let agreed = true
  for (const scenario of chosen) {
    console.error(`${scenario.name}: ${scenario.about}`)
    const options = { seconds: seconds ?? scenario.defaultSeconds, runs, share }
    agreed = (await scenario.run(options)) && agreed
  }
  return agreed ? 0 : 1
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${text} is not a positive integer`)
  return Number(text)
}

/** What the figures depend on, in a line. */
function machine(): string {
  const [cpu] = cpus()
  const gib = (totalmem() / 1024 ** 3).toFixed(0)
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}`,
    `${gib} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.version}`,
    `fsync ${process.env['WEIR_FSYNC'] || 'always'}`,
    `commit ${commit()}`
  ].join(', ')
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes')
  } catch {
    return 'unknown'
  }
}
