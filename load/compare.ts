import { parseArgs } from 'node:util'
import { parseSide, type RunningSide, SIDES_HELP, type Side, startSide } from './compare/side.ts'
import { type Turn, takeTurns, turnsOf } from './compare/turns.ts'
import { WORKLOADS, type Workload } from './compare/workloads.ts'
import { positiveInteger } from './options.ts'
import { markdownTable } from './results/table.ts'
import { progress } from './scenario.ts'

const DEFAULTS = { turns: '8', seconds: '2', rate: '10000', connections: '50', engine: 'embedded' } as const

const HELP = `Usage: npm run compare -- WORKLOAD [options] SIDE SIDE...

Starts all servers at once, each of them empty. Each round gives every server the same load for a few seconds, one
after the other. Every second round reverses the order. So other work on the machine affects all servers alike, and
the ratios are more reliable than those of servers that run one after the other. Prints the medians of all rounds, and
the medians of the ratios to the first server in the same round.

  WORKLOAD         ${Object.keys(WORKLOADS).join(', ')}
${SIDES_HELP}
  --turns N        number of rounds (default: ${DEFAULTS.turns})
  --seconds N      duration of each turn (default: ${DEFAULTS.seconds})
  --rate N         appends a second in "paced" (default: ${DEFAULTS.rate})
  --connections N  connections in "appends" (default: ${DEFAULTS.connections})
  --engine redis   run each Weir on a Redis of its own; the processor time does not include Redis
`

const OPTIONS = {
  help: { type: 'boolean' },
  turns: { type: 'string', default: DEFAULTS.turns },
  seconds: { type: 'string', default: DEFAULTS.seconds },
  rate: { type: 'string', default: DEFAULTS.rate },
  connections: { type: 'string', default: DEFAULTS.connections },
  engine: { type: 'string', default: DEFAULTS.engine }
} as const

/** The first turns of each side, which do not count. */
const WARM_UP_TURNS = 3

await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true })
  const [name = '', ...texts] = positionals
  const workload = WORKLOADS[name]
  if (values.help || workload === undefined || texts.length < 2) {
    process.exitCode = values.help ? 0 : 2
    return console.log(HELP)
  }
  const { engine } = values
  if (engine !== 'embedded' && engine !== 'redis') throw new Error(`Unknown engine: ${engine}.`)
  const load = workload({
    seconds: positiveInteger(values.seconds),
    rate: positiveInteger(values.rate),
    connections: positiveInteger(values.connections)
  })
  const sides = texts.map(parseSide)
  if (name !== 'paced' && sides.some(({ build }) => build === undefined)) {
    throw new Error(`Redis itself supports only the workload "paced", not "${name}".`)
  }
  const turns = await compare(sides, load, { engine, rounds: positiveInteger(values.turns) })
  console.log(tableOf(sides, turns))
}

/** The turns of each side, in the order of the sides. */
async function compare(
  sides: readonly Side[],
  load: Workload,
  { engine, rounds }: { readonly engine: 'embedded' | 'redis'; readonly rounds: number }
): Promise<Turn[][]> {
  const running: RunningSide[] = []
  try {
    for (const side of sides) running.push(await startSide(side, engine))
    for (let turn = 0; turn < WARM_UP_TURNS; turn++) for (const side of running) await load(side)
    const onRound = (round: number): void => progress(`round ${round} of ${rounds} …`)
    return await takeTurns(running, load, { rounds, onRound })
  } finally {
    for (const side of running) await side.stop()
  }
}

function tableOf(sides: readonly Side[], turns: readonly Turn[][]): string {
  const { names, rows } = turnsOf(turns)
  const head = ['side', ...names.flatMap((name) => [name, 'ratio'])]
  const lines = rows.map((figures, index) => [
    sides[index]?.text ?? '',
    ...figures.flatMap(({ median, ratio }) => [figureText(median), ratio.toFixed(3)])
  ])
  return markdownTable(head, lines)
}

/** Formats a figure with at least three digits. */
function figureText(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3)
}
