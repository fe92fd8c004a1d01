import { runGenerator } from '../build/generated-files.ts'
import { VARIABLES } from '../src/config/variables.ts'

const HELP = `Writes docs/configuration.md from the table of variables in src/config/variables.ts.

  tsx docs/generate.ts            writes it
  tsx docs/generate.ts --check    writes nothing; fails if it is stale
`

type Key = keyof typeof VARIABLES

interface Section {
  readonly title: string
  /** Paragraphs between the title and the table. */
  readonly about?: string
  readonly variables: readonly Key[]
}

const INTRODUCTION = `# Configuration

<!-- Written by "npm run docs" from src/config/variables.ts. Do not edit. -->

Environment variables are the only configuration. \`weir --help\` prints them, too.

- Weir refuses to start with an unknown \`WEIR_\` variable. An empty variable counts as not set.
- A size is a number of bytes, or a number with \`KiB\`, \`MiB\` or \`GiB\`: \`8388608\`, \`8192KiB\` and \`8MiB\` are the same.
- Weir reports all invalid values at once and exits with 2. Each message names the variable, and shows invisible
  characters as escapes: \`"always\\r"\`. So does a message about a file that a variable names.
`

/** All variables, in the order of the page. */
const SECTIONS: readonly Section[] = [
  {
    title: 'Network and access',
    about: '[Security](security.md) explains tokens, TLS, hosts and origins.',
    variables: [
      'host',
      'port',
      'tokensFile',
      'tlsCertFile',
      'tlsKeyFile',
      'insecure',
      'allowedHosts',
      'corsOrigins'
    ]
  },
  {
    title: 'Storage',
    about: '[Durability](durability.md) explains `WEIR_FSYNC` and the data directory.',
    variables: ['engine', 'dataDir', 'fsync', 'memoryBytes', 'warmUpMs']
  },
  {
    title: 'Logs and metrics',
    variables: ['metricsGroups', 'logLevel']
  },
  {
    title: 'Redis',
    about: 'These apply with `WEIR_ENGINE=redis`: see [Redis and Valkey](redis.md).',
    variables: ['redisUrl', 'redisPrefix']
  },
  {
    title: 'Limits for clients',
    about:
      '[Limits](api.md#limits) describes what happens at a limit.\n' +
      '[Memory for clients](operating.md#memory-for-clients) describes which bytes count as buffered.',
    variables: [
      'bodyLimitBytes',
      'maxWaitMs',
      'maxWaiting',
      'maxWaitingPlaces',
      'maxWaitingPerToken',
      'maxRate',
      'maxConnections',
      'keepAliveMs',
      'maxInFlight',
      'maxBufferedBytes',
      'maxBufferedShare'
    ]
  },
  {
    title: 'Limits for what is stored',
    variables: ['maxStreams', 'maxGroups', 'maxConsumers', 'maxPending']
  }
]

const PAGE = new URL('configuration.md', import.meta.url)

process.exitCode = await runGenerator(
  { help: HELP, command: 'npm run docs', generate: () => [[PAGE, page()]] },
  process.argv.slice(2)
)

function page(): string {
  const shown = SECTIONS.flatMap(({ variables }) => variables)
  const missing = (Object.keys(VARIABLES) as Key[]).filter((key) => !shown.includes(key))
  if (missing.length > 0) throw new Error(`docs/generate.ts has no section for ${missing.join(', ')}`)
  return [INTRODUCTION, ...SECTIONS.map(section)].join('\n')
}

function section({ title, about, variables }: Section): string {
  const rows = variables
    .map((key) => VARIABLES[key])
    .map(({ name, expected, meaning, ...variable }) => [
      `\`${name}\``,
      variable.default === '' ? 'empty' : `\`${variable.default}\``,
      expected,
      meaning
    ])
  const paragraphs = about === undefined ? '' : `${about}\n\n`
  return `## ${title}\n\n${paragraphs}${table(['variable', 'default', 'must be', 'meaning'], rows)}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
