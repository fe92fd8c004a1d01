import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { positiveInteger } from '../../load/options.ts'
import { count, markdownTable, mib, ms } from '../../load/results/table.ts'
import { ATTACKS, type Mission, type Tally } from './attacker.ts'
import { type Besieged, LIMITS, startBesieged } from './besieged.ts'
import { type Closest, type Measurements, watch } from './watch.ts'
import { type Outcome, Workers } from './workers.ts'

const HELP = `Usage: npm run siege -- [--seconds N] [--seed N] [--only ATTACKS]

Builds Weir, starts it on loopback with small limits, and attacks it at random with all known ways to cost a server more
than one's share, while well-behaved clients append, read and ack. Fails if the process takes more memory than its limits
allow, if an entry of a well-behaved client is lost or acked twice, or if the process ends.

  --seconds N   duration of the siege in seconds, without preparation and counting (120)
  --seed N      seed for the random choices (default: taken from the time)
  --only NAMES  only these attacks, separated by commas:
${ATTACKS.map(({ name, about }) => `                  ${name.padEnd(22)} ${about}`).join('\n')}
`

/** How long the workers are measured without attacks. */
const PEACE_SECONDS = 10

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '120' },
      seed: { type: 'string' },
      only: { type: 'string' }
    }
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const seconds = positiveInteger(values.seconds)
  const seed = values.seed === undefined ? Date.now() % 1_000_000 || 1 : positiveInteger(values.seed)
  const attacks = chosen(values.only)
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
  console.log(`siege of ${seconds} s, seed ${seed}`)
  const weir = await startBesieged()
  try {
    return report(await besiege(weir, seconds, seed, attacks))
  } finally {
    await weir.stop()
  }
}

/** The names of the selected attacks, by default all. Throws on an unknown name. */
function chosen(only: string | undefined): string[] {
  const all = ATTACKS.map(({ name }) => name)
  const names = only === undefined ? all : only.split(',')
  const unknown = names.filter((name) => !all.includes(name))
  if (unknown.length > 0) throw new Error(`Unknown attack: ${unknown.join(', ')}. Try --help.`)
  return names
}

interface Result {
  readonly outcome: Outcome
  readonly measurements: Measurements
  readonly tally: Tally
  /** Entries that the workers acked per second under siege, as a share of those before it. */
  readonly share: number
}

async function besiege(
  weir: Besieged,
  seconds: number,
  seed: number,
  attacks: readonly string[]
): Promise<Result> {
  const workers = new Workers(weir.port, weir.tokens.worker)
  await workers.start()
  const inPeace = await ackedPerSecond(workers, PEACE_SECONDS)
  const attackers = await startAttackers(weir, seconds, seed, attacks)
  const watching = watch(weir)
  const underSiege = await ackedPerSecond(workers, seconds)
  const tally = await attackers.tally
  const outcome = await workers.finish()
  const measurements = await watching.stop()
  return { outcome, measurements, tally, share: underSiege / inPeace }
}

async function ackedPerSecond(workers: Workers, seconds: number): Promise<number> {
  const before = workers.acked
  await sleep(seconds * 1000)
  return (workers.acked - before) / seconds
}

async function startAttackers(
  { port, tokens }: Besieged,
  seconds: number,
  seed: number,
  attacks: readonly string[]
) {
  const token = tokens.attacker
  const mission: Mission = { port, token, bodyLimitBytes: LIMITS.bodyBytes, seed, seconds, attacks }
  const program = new URL('./attacker.ts', import.meta.url)
  const child = fork(program, [JSON.stringify(mission)], { execArgv: ['--import', 'tsx'] })
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The attackers ended with ${code}`)
  })
  await Promise.race([once(child, 'message'), exited])
  exited.catch(() => undefined)
  const tally = Promise.race([once(child, 'message').then(([found]) => found as Tally), exited])
  tally.catch(() => undefined)
  return { tally }
}

/** Prints what happened, and returns the exit code. */
function report({ outcome, measurements, tally, share }: Result): number {
  const rows = Object.entries(tally).map(([name, { runs, statuses }]) => [
    name,
    `${runs}`,
    Object.entries(statuses)
      .map(([status, times]) => `${status === '0' ? 'closed' : status} × ${times}`)
      .join(', ')
  ])
  const { peakBytes, closest, liveMs, highest } = measurements
  const { appended, acked, lost, doubled, retries } = outcome
  const of = ({ bytes, bound }: Closest) => `${mib(bytes)} of ${mib(bound)} MiB`
  const highs = Object.entries(highest).map(([name, value]) => `${name} ${count(value)}`)
  console.log(markdownTable(['attack', 'runs', 'answers'], rows))
  console.log(`
highest: ${highs.join(', ')}
memory: peak ${mib(peakBytes)} MiB; closest to the limit: ${of(closest.limit)}; closest to the figure in docs/operating.md: ${of(closest.stated)} (aim)
workers: ${count(appended)} appended, ${count(acked)} acked, ${lost} lost, ${doubled} doubled, ${count(retries)} retries
workers' throughput: ${share.toFixed(2)} of that before the siege (aim: 0.5)
/livez: p50 ${ms(liveMs.p50)}, p99 ${ms(liveMs.p99)}, longest ${ms(liveMs.longest)} ms (aim: p99 250)`)
  const failures = [
    ...(closest.limit.bytes > closest.limit.bound ? ['Weir took more memory than its limits allow'] : []),
    ...(lost > 0 ? [`${lost} entries were lost`] : []),
    ...(doubled > 0 ? [`${doubled} entries were acked twice`] : []),
    ...(acked === 0 ? ['no entry was acked'] : [])
  ]
  for (const failure of failures) console.error(`FAILED: ${failure}`)
  return failures.length === 0 ? 0 : 1
}
