import { isIP } from 'node:net'
import { fileOrNone, host, integer, listOf, NONE, oneOf, origin, size, withoutControls } from './values.ts'

/** One setting: its environment variable, and how its text becomes a value. */
interface Variable<T> {
  readonly name: `WEIR_${string}`
  /** As text, as in the environment. */
  readonly default: string
  /** The end of the sentence "It must be …". */
  readonly expected: string
  readonly meaning: string
  /** Returns undefined for an invalid text. */
  readonly parse: (text: string) => T | undefined
}

/** Every setting. Parsing, `--help` and docs/configuration.md use this table. */
export const VARIABLES = {
  host: variable({
    name: 'WEIR_HOST',
    default: '127.0.0.1',
    expected: 'a host name or an address',
    meaning:
      'The address to listen on. An address other than loopback requires `WEIR_TOKENS_FILE` or `WEIR_INSECURE=1`.',
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
      'The file of tokens and what each one allows. `weir token` prints its lines. Not set: no token is required.',
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
    meaning: '1 serves everyone who can reach `WEIR_HOST`, without tokens.',
    parse: (text) => (text === '1' ? true : text === '0' ? false : undefined)
  }),
  allowedHosts: variable({
    name: 'WEIR_ALLOWED_HOSTS',
    default: NONE,
    expected: 'host names with or without ports, separated by commas',
    meaning:
      'Host names that clients use to reach Weir. Others are refused. Not set: loopback names only, or any name with tokens or `WEIR_INSECURE=1`.',
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
    meaning: 'Memory for entries. Older entries are read from disk. Pending entries take additional memory.',
    parse: size(32 * 1024 ** 2, 1024 ** 4)
  }),
  warmUpMs: variable({
    name: 'WEIR_WARM_UP_MS',
    default: '500',
    expected: 'a number of milliseconds from 0 to 10000',
    meaning:
      'How long Weir may warm up at a start, with requests of its own. 0: no warm-up. Embedded engine only.',
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
    // The Redis engine parses the rest.
    parse: (text) => (/^rediss?(-sentinel)?:\/\/[^/\s]/.test(text) ? text : undefined)
  }),
  redisPrefix: variable({
    name: 'WEIR_REDIS_PREFIX',
    default: '',
    expected: 'text without control characters',
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
    meaning: 'Maximum number of streams and groups that waiting reads wait for, counted per read.',
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
    meaning: 'Maximum number of requests per second of one token. 0: no limit.',
    parse: integer(0, 1_000_000)
  }),
  maxConnections: variable({
    name: 'WEIR_MAX_CONNECTIONS',
    default: 'auto',
    expected: 'a number from 1 to 1000000, or auto',
    meaning:
      'Maximum number of open connections. Further ones are closed at once. `auto`: derived from the limit on open files.',
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
    meaning: 'Maximum memory for request bodies, unsent responses, and changes that wait for the disk.',
    parse: size(1024 ** 2, 64 * 1024 ** 3)
  }),
  maxBufferedShare: variable({
    name: 'WEIR_MAX_BUFFERED_SHARE',
    default: '50',
    expected: 'a percentage from 1 to 100',
    meaning:
      'Share of `WEIR_MAX_BUFFERED_BYTES` that one token may use, or one address if there are no tokens. At least 512 KiB.',
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

function variable<T>(settings: Variable<T>): Variable<T> {
  return settings
}
