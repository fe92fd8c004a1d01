import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { positiveInteger, selectScenarios } from './options.ts'
import { type Share, selfSizes, selfTimes } from './profile-reader.ts'
import { markdownTable, mib } from './results/table.ts'
import { progress } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { METRICS_FILE } from './server.ts'

const HELP = `Usage: npm run profile -- SCENARIO [--seconds N]

Runs one scenario once, on Weir alone, with Node's profilers on. Prints which functions used the processor and the
memory. The profiles stay in load/out/profile-SCENARIO, for Chrome's DevTools or any other tool that reads them.

  SCENARIO     ${SCENARIOS.map(({ name }) => name).join(', ')}
  --seconds N  duration of each measurement, without its warm-up (default: 10)
`
const OPTIONS = { help: { type: 'boolean' }, seconds: { type: 'string', default: '10' } } as const
const WARM_UP_SECONDS = 3
const MAX_FUNCTIONS = 30
/** How Node's profiler names the time in which the process was idle. */
const IDLE = '(idle)'

await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true })
  const [scenario, ...others] = positionals.length === 0 ? [] : selectScenarios(positionals)
  if (values.help || scenario === undefined || others.length > 0) return console.log(HELP)
  const seconds = positiveInteger(values.seconds)
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
  const directory = fileURLToPath(new URL(`out/profile-${scenario.name}/`, import.meta.url))
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  await scenario.measure({
    seconds,
    warmUpSeconds: WARM_UP_SECONDS,
    share: 1,
    contenders: ['weir'],
    weir: { engine: 'embedded', profileDirectory: directory }
  })
  await report(directory)
}

async function report(directory: string): Promise<void> {
  const times = await selfTimes(directory)
  if (times.length === 0)
    throw new Error('The scenario wrote no profile, because it did not stop Weir with SIGTERM.')
  const busy = times.filter(({ name }) => name !== IDLE)
  const idle = times.filter(({ name }) => name === IDLE)
  const total = sum(times)
  console.log(`Busy for ${(sum(busy) / 1e6).toFixed(1)} s, idle for ${(sum(idle) / 1e6).toFixed(1)} s.`)
  console.log(
    `\nProcessor time by function, without its callees (busy for ${((100 * sum(busy)) / total).toFixed(0)} % of the time)\n`
  )
  console.log(tableOf(['function', 'ms', '% of busy'], busy, (us) => (us / 1000).toFixed(0)))
  console.log('\nMemory in use at the end, by the function that allocated it (sampled)\n')
  console.log(
    tableOf(['function', 'MiB', '%'], await selfSizes(directory), (bytes) => (bytes / 1024 ** 2).toFixed(2))
  )
  console.log(`\nMemory just before the end\n\n${await heapTable(directory)}`)
  const files = await readdir(directory)
  console.log(`\n${files.map((file) => join(directory, file)).join('\n')}`)
  progress(
    'open .cpuprofile files in the Performance panel of DevTools, .heapprofile files in its Memory panel'
  )
}

function tableOf(
  head: readonly string[],
  shares: readonly Share[],
  show: (amount: number) => string
): string {
  const total = sum(shares)
  const rows = shares
    .slice(0, MAX_FUNCTIONS)
    .map(({ name, amount }) => [name, show(amount), ((100 * amount) / total).toFixed(1)])
  return markdownTable(head, rows)
}

/** The memory of the last Weir that ran, from its metrics. */
async function heapTable(directory: string): Promise<string> {
  const metrics = await readFile(join(directory, METRICS_FILE), 'utf8')
  const value = (name: string): number => Number(new RegExp(`^${name} ([\\d.e+]+)`, 'm').exec(metrics)?.[1])
  const spaces = [...metrics.matchAll(/^nodejs_heap_space_size_used_bytes\{space="(\w+)"\} ([\d.e+]+)/gm)]
  return markdownTable(
    ['', 'MiB'],
    [
      ['resident', mib(value('process_resident_memory_bytes'))],
      ['heap, used', mib(value('nodejs_heap_size_used_bytes'))],
      ...spaces
        .filter(([, , used]) => Number(used) > 0)
        .map(([, space = '', used]) => [`heap, ${space} space, used`, mib(Number(used))]),
      ['outside the heap', mib(value('nodejs_external_memory_bytes'))]
    ]
  )
}

function sum(shares: readonly Share[]): number {
  return shares.reduce((total, { amount }) => total + amount, 0)
}
