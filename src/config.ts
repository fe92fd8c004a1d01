import { isIP, isIPv4 } from 'node:net'
import leven from 'leven'

/** One setting: its environment variable, and how the text of it becomes a value. */
interface Variable<T> {
  readonly name: `WEIR_${string}`
  /** As one would write it. */
  readonly default: string
  /** What a value must be; the end of the sentence "must be …". */
  readonly expected: string
  readonly meaning: string
  /** Gives undefined for a text that is not what is expected. */
  readonly parse: (text: string) => T | undefined
}

/** Stands for no file. */
const NONE = 'none'

/** Every setting. Parsing, `--help` and docs/configuration.md are made from this table. */
export const VARIABLES = {
  host: variable({
    name: 'WEIR_HOST',
    default: '127.0.0.1',
    expected: 'a host name or an address',
    meaning: 'The address to listen on. Any but loopback needs `WEIR_TOKENS_FILE` or `WEIR_INSECURE=1`.',
    parse: (text) => (/^[\w.-]+$/.test(text) || isIP(text) !== 0 ? text : undefined)
  }),
  port: variable({
    name: 'WEIR_PORT',
    default: '7070',
    expected: 'a number from 0 to 65535',
    meaning: 'The port to listen on. 0 picks a free one.',
    parse: integer(0, 65_535)
  }),
  tokensFile: variable({
    name: 'WEIR_TOKENS_FILE',
    default: NONE,
    expected: 'a file',
    meaning:
      'The tokens and what each allows, in lines that `weir token` prints. Not set: no tokens are needed.',
    parse: fileOrNone
  }),
  tlsCertFile: variable({
    name: 'WEIR_TLS_CERT_FILE',
    default: NONE,
    expected: 'a file',
    meaning:
      'The certificate for HTTPS, followed by its intermediate certificates, as PEM. Not set: plain HTTP.',
    parse: fileOrNone
  }),
  tlsKeyFile: variable({
    name: 'WEIR_TLS_KEY_FILE',
    default: NONE,
    expected: 'a file',
    meaning: 'The private key of that certificate, as PEM.',
    parse: fileOrNone
  }),
  insecure: variable({
    name: 'WEIR_INSECURE',
    default: '0',
    expected: '0 or 1',
    meaning: '1 allows serving without tokens everyone who can reach `WEIR_HOST`.',
    parse: (text) => (text === '1' ? true : text === '0' ? false : undefined)
  }),
  allowedHosts: variable({
    name: 'WEIR_ALLOWED_HOSTS',
    default: NONE,
    expected: 'host names with or without ports, separated by commas',
    meaning:
      'Host names by which clients reach Weir. Others are refused. Not set: the names of loopback; any name with tokens or `WEIR_INSECURE=1`.',
    parse: listOf(host)
  }),
  corsOrigins: variable({
    name: 'WEIR_CORS_ORIGINS',
    default: NONE,
    expected: 'origins such as https://app.example, separated by commas',
    meaning: 'Web pages of these origins may use Weir, with a token if Weir has tokens.',
    parse: listOf(origin)
  }),
  engine: variable({
    name: 'WEIR_ENGINE',
    default: 'embedded',
    expected: 'embedded or redis',
    meaning: 'Where streams are stored: in a directory (the embedded engine), or in Redis.',
    parse: oneOf('embedded', 'redis')
  }),
  dataDir: variable({
    name: 'WEIR_DATA_DIR',
    default: './data',
    expected: 'a directory',
    meaning: "The embedded engine's directory. Created if missing. Only one process at a time can use it.",
    parse: withoutControls
  }),
  fsync: variable({
    name: 'WEIR_FSYNC',
    default: 'always',
    expected: 'always, everysec or never',
    meaning: 'When changes are synced to disk: before their answers, once a second, or never.',
    parse: oneOf('always', 'everysec', 'never')
  }),
  memoryBytes: variable({
    name: 'WEIR_MEMORY_BYTES',
    default: '256MiB',
    expected: 'a size from 32MiB to 1024GiB',
    meaning: 'Memory for entries. Older entries are read from disk. What is pending takes additional memory.',
    parse: size(32 * 1024 ** 2, 1024 ** 4)
  }),
  warmUpMs: variable({
    name: 'WEIR_WARM_UP_MS',
    default: '500',
    expected: 'a number of milliseconds from 0 to 10000',
    meaning: 'How long a start may run requests of its own to get fast. 0: none. Embedded engine only.',
    parse: integer(0, 10_000)
  }),
  metricsGroups: variable({
    name: 'WEIR_METRICS_GROUPS',
    default: '1000',
    expected: 'a number from 0 to 100000',
    meaning: 'Maximum number of groups with their own metric series.',
    parse: integer(0, 100_000)
  }),
  logLevel: variable({
    name: 'WEIR_LOG_LEVEL',
    default: 'info',
    expected: 'trace, debug, info, warn, error, fatal or silent',
    meaning: 'The lowest level that is logged.',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent')
  }),
  redisUrl: variable({
    name: 'WEIR_REDIS_URL',
    default: 'redis://127.0.0.1:6379',
    expected: 'redis://…, several of them for a cluster, or redis-sentinel://…',
    meaning:
      'Address of Redis or Valkey. For a cluster, several nodes separated by commas, or one with `?cluster`. For Sentinel, `redis-sentinel://host:port,host:port/master`.',
    // What follows is read where it is used.
    parse: (text) => (/^rediss?(-sentinel)?:\/\/[^/\s]/.test(text) ? text : undefined)
  }),
  redisPrefix: variable({
    name: 'WEIR_REDIS_PREFIX',
    default: '',
    expected: 'a text without control characters',
    meaning: 'Prefix of the Redis keys of all streams.',
    parse: withoutControls
  }),
  bodyLimitBytes: variable({
    name: 'WEIR_BODY_LIMIT_BYTES',
    default: '8MiB',
    expected: 'a size from 1KiB to 64MiB',
    meaning: 'Maximum size of a request body.',
    parse: size(1024, 64 * 1024 ** 2)
  }),
  maxWaitMs: variable({
    name: 'WEIR_MAX_WAIT_MS',
    default: '60000',
    expected: 'a number of milliseconds from 0 to 600000',
    meaning: 'Maximum `waitMs` of a read.',
    parse: integer(0, 600_000)
  }),
  maxWaiting: variable({
    name: 'WEIR_MAX_WAITING',
    default: '20000',
    expected: 'a number from 0 to 1000000',
    meaning: 'Maximum number of waiting reads.',
    parse: integer(0, 1_000_000)
  }),
  maxWaitingPlaces: variable({
    name: 'WEIR_MAX_WAITING_PLACES',
    default: '200000',
    expected: 'a number from 0 to 10000000',
    meaning: 'Maximum number of streams and groups that they wait for, counted for each read.',
    parse: integer(0, 10_000_000)
  }),
  maxWaitingPerToken: variable({
    name: 'WEIR_MAX_WAITING_PER_TOKEN',
    default: '20000',
    expected: 'a number from 0 to 1000000',
    meaning: 'Maximum number of waiting reads of one token.',
    parse: integer(0, 1_000_000)
  }),
  maxRate: variable({
    name: 'WEIR_MAX_RATE',
    default: '0',
    expected: 'a number from 0 to 1000000',
    meaning: 'Maximum number of requests a second of one token. 0: no limit.',
    parse: integer(0, 1_000_000)
  }),
  maxConnections: variable({
    name: 'WEIR_MAX_CONNECTIONS',
    default: 'auto',
    expected: 'a number from 1 to 1000000, or auto',
    meaning:
      'Maximum number of open connections. More are closed at once. `auto`: what the limit of open files allows.',
    parse: (text) => (text === 'auto' ? text : integer(1, 1_000_000)(text))
  }),
  keepAliveMs: variable({
    name: 'WEIR_KEEP_ALIVE_MS',
    default: '75000',
    expected: 'a number of milliseconds from 1000 to 3600000',
    meaning:
      'How long an idle connection stays open. Set it higher than the idle timeout of a load balancer.',
    parse: integer(1000, 3_600_000)
  }),
  maxInFlight: variable({
    name: 'WEIR_MAX_IN_FLIGHT',
    default: '10000',
    expected: 'a number from 1 to 1000000',
    meaning: 'Maximum number of requests in progress, not counting waiting reads.',
    parse: integer(1, 1_000_000)
  }),
  maxBufferedBytes: variable({
    name: 'WEIR_MAX_BUFFERED_BYTES',
    default: '128MiB',
    expected: 'a size from 1MiB to 64GiB',
    meaning: 'Memory for bodies, unsent answers, and changes that wait for the disk.',
    parse: size(1024 ** 2, 64 * 1024 ** 3)
  }),
  maxBufferedShare: variable({
    name: 'WEIR_MAX_BUFFERED_SHARE',
    default: '50',
    expected: 'a percentage from 1 to 100',
    meaning:
      'The part of it that one token may use, or one address if there are no tokens. At least 512 KiB.',
    parse: integer(1, 100)
  }),
  maxStreams: variable({
    name: 'WEIR_MAX_STREAMS',
    default: '100000',
    expected: 'a number from 1 to 10000000',
    meaning: 'Maximum number of streams. Embedded engine only, refused with Redis.',
    parse: integer(1, 10_000_000)
  }),
  maxGroups: variable({
    name: 'WEIR_MAX_GROUPS',
    default: '100000',
    expected: 'a number from 1 to 10000000',
    meaning: 'Maximum number of groups in total. Embedded engine only, refused with Redis.',
    parse: integer(1, 10_000_000)
  }),
  maxConsumers: variable({
    name: 'WEIR_MAX_CONSUMERS',
    default: '1000000',
    expected: 'a number from 1 to 10000000',
    meaning: 'Maximum number of consumers in total. Embedded engine only, refused with Redis.',
    parse: integer(1, 10_000_000)
  }),
  maxPending: variable({
    name: 'WEIR_MAX_PENDING',
    default: '10000000',
    expected: 'a number from 1 to 1000000000',
    meaning: 'Maximum number of pending entries in total. Embedded engine only, refused with Redis.',
    parse: integer(1, 1_000_000_000)
  })
}

/** What the environment asked for. */
export type Config = {
  readonly [K in keyof typeof VARIABLES]: NonNullable<ReturnType<(typeof VARIABLES)[K]['parse']>>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Every mistake in the environment, each a sentence. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

/**
 * The configuration that an environment means. A variable that is empty counts as not set. Throws a ConfigError
 * that names every mistake at once; a `WEIR_` variable that does not exist is one.
 */
export function readConfig(environment: Environment): Config {
  const mistakes = unknownVariables(environment)
  const values: Record<string, unknown> = {}
  for (const [key, { name, parse, expected, ...setting }] of Object.entries(VARIABLES)) {
    const text = environment[name] || setting.default
    values[key] = parse(text)
    if (values[key] === undefined)
      mistakes.push(`${name} is ${quoted(withoutPassword(text))}, but must be ${expected}.${hint(text)}`)
  }
  const config = values as Partial<Config>
  if (isOpenToAll(config)) {
    mistakes.push(
      `WEIR_HOST is "${config.host}", which other machines may reach, and nothing asks them who they are. ` +
        'Listen on 127.0.0.1, name a WEIR_TOKENS_FILE, or set WEIR_INSECURE=1 to serve everyone.'
    )
  }
  const { tlsCertFile, tlsKeyFile } = config
  if (tlsCertFile !== undefined && tlsKeyFile !== undefined && (tlsCertFile === '') !== (tlsKeyFile === '')) {
    mistakes.push('WEIR_TLS_CERT_FILE and WEIR_TLS_KEY_FILE belong together: set both, or neither.')
  }
  if (config.engine === 'redis') mistakes.push(...limitsThatDoNotHold(environment))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return Object.freeze(config as Config)
}

/** Of the column of names, the longest of which has one letter less. */
const NAME_WIDTH = 27

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.values(VARIABLES).map(
    ({ name, meaning, expected, ...setting }) =>
      `  ${name.padEnd(NAME_WIDTH)} ${setting.default.padEnd(10)} ${meaning.replaceAll('`', '')}\n${' '.repeat(NAME_WIDTH + 14)}Must be ${expected}.`
  )
  return [
    'Usage: weir             serve durable streams and consumer groups over HTTP, until SIGTERM or SIGINT',
    '       weir check DIR   read a data directory without changing it, and say whether it is sound',
    '       weir backup DIR TO',
    '                        copy a data directory, also while a Weir has it open; the copy is one, too',
    '       weir token NAME SCOPE…',
    '                        make a token, and the line of WEIR_TOKENS_FILE that says what it allows',
    '       weir --help | --version',
    '',
    'The environment says how to serve (variable, default, meaning):',
    '',
    ...rows,
    ''
  ].join('\n')
}

function variable<T>(settings: Variable<T>): Variable<T> {
  return settings
}

function oneOf<T extends string>(...values: T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text)
}

function integer(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  }
}

const UNIT_BYTES: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** A number of bytes, or of the unit that follows it: 8388608, 8192KiB, 8MiB. */
function size(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const [, digits = '', unit = ''] = /^(\d{1,15})([KMG]iB)?$/.exec(text) ?? []
    const value = digits === '' ? Number.NaN : Number(digits) * (UNIT_BYTES[unit] ?? 1)
    return value >= min && value <= max ? value : undefined
  }
}

/** Empty for no file. */
function fileOrNone(text: string): string | undefined {
  return text === NONE ? '' : withoutControls(text)
}

/** A carriage return at the end of a value is mostly that of the file that the value came from. */
function withoutControls(text: string): string | undefined {
  return /^\P{Cc}*$/u.test(text) ? text : undefined
}

/** Empty for no items. Undefined unless each item is what it must be. */
function listOf(
  parse: (text: string) => string | undefined
): (text: string) => readonly string[] | undefined {
  return (text) => {
    if (text === NONE) return []
    const items = text.split(',').map((item) => parse(item.trim()))
    return items.every((item) => item !== undefined) ? items : undefined
  }
}

const HOST = String.raw`(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?`

function host(text: string): string | undefined {
  return new RegExp(`^${HOST}$`, 'i').test(text) && URL.canParse(`http://${text}`) ? text : undefined
}

/** As browsers send it: in lower case, without the default port. */
function origin(text: string): string | undefined {
  return new RegExp(`^https?://${HOST}$`, 'i').test(text) && URL.canParse(text)
    ? new URL(text).origin
    : undefined
}

function isOpenToAll({ host, tokensFile, insecure }: Partial<Config>): boolean {
  return host !== undefined && !isLoopback(host) && tokensFile === '' && insecure === false
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** A limit that was set and does not hold is worse than none. On Redis others make streams, too, and nobody counts. */
function limitsThatDoNotHold(environment: Environment): string[] {
  return [VARIABLES.maxStreams, VARIABLES.maxGroups, VARIABLES.maxConsumers, VARIABLES.maxPending]
    .filter(({ name }) => environment[name])
    .map(
      ({ name }) =>
        `${name} is set, but is a limit of the embedded engine: leave it out, or leave out WEIR_ENGINE=redis.`
    )
}

function unknownVariables(environment: Environment): string[] {
  const known = Object.values(VARIABLES).map(({ name }): string => name)
  return Object.keys(environment)
    .filter((name) => name.startsWith('WEIR_') && !known.includes(name))
    .sort()
    .map((name) =>
      /^WEIR_(SERVICE|PORT)_/.test(name)
        ? `There is no variable ${shown(name)}.${FROM_KUBERNETES}`
        : `There is no variable ${shown(name)}. Is ${nearest(name, known)} meant?`
    )
}

// Kubernetes gives every pod such variables for each service, so a service named "weir" collides with ours.
const FROM_KUBERNETES =
  ' Kubernetes sets it for a service named weir: set enableServiceLinks: false in the pod.'

/** What is complained about is shown, but goes to logs and terminals. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/g, '//…@')
}

/** A text in quotes, with what cannot be seen of it as escapes. */
export function quoted(text: string): string {
  return `"${shown(text)}"`
}

/** A text for people: what cannot be seen, or not told from a space, is shown as escapes. */
export function shown(text: string): string {
  return text.replace(INVISIBLE, (found) => ESCAPES[found] ?? `\\u{${found.codePointAt(0)?.toString(16)}}`)
}

const INVISIBLE = /(?! )[\\\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r'
}

function hint(text: string): string {
  return text.startsWith('tcp://') ? FROM_KUBERNETES : ''
}

function nearest(name: string, candidates: readonly string[]): string {
  const [first = name] = candidates.toSorted((a, b) => leven(name, a) - leven(name, b))
  return first
}
