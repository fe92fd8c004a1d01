import { isIPv4 } from 'node:net'
import leven from 'leven'
import { escaped, quoted } from './escapes.ts'
import { VARIABLES } from './variables.ts'

/** Every setting as a typed value. */
export type Config = {
  readonly [K in keyof typeof VARIABLES]: NonNullable<ReturnType<(typeof VARIABLES)[K]['parse']>>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Thrown with every mistake in the environment. Each one is a sentence. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

/**
 * Reads the configuration from an environment. An empty variable counts as not set. Throws a ConfigError with
 * all mistakes at once. An unknown `WEIR_` variable is a mistake.
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
      `WEIR_HOST is "${config.host}", which other machines can reach, and Weir has no tokens to authenticate them. ` +
        'Listen on 127.0.0.1, set WEIR_TOKENS_FILE, or set WEIR_INSECURE=1 to serve everyone.'
    )
  }
  const { tlsCertFile, tlsKeyFile } = config
  if (tlsCertFile !== undefined && tlsKeyFile !== undefined && (tlsCertFile === '') !== (tlsKeyFile === '')) {
    mistakes.push('WEIR_TLS_CERT_FILE and WEIR_TLS_KEY_FILE belong together: set both, or neither.')
  }
  if (config.engine === 'redis') mistakes.push(...limitsWithoutEffect(environment))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return Object.freeze(config as Config)
}

function isOpenToAll({ host, tokensFile, insecure }: Partial<Config>): boolean {
  return host !== undefined && !isLoopback(host) && tokensFile === '' && insecure === false
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/**
 * On Redis, other clients create streams and groups, too, so Weir cannot enforce these limits. It refuses
 * them, because a limit that is set but not enforced is worse than none.
 */
function limitsWithoutEffect(environment: Environment): string[] {
  return [VARIABLES.maxStreams, VARIABLES.maxGroups, VARIABLES.maxConsumers, VARIABLES.maxPending]
    .filter(({ name }) => environment[name])
    .map(
      ({ name }) =>
        `${name} is a limit of the embedded engine and has no effect on Redis: unset it, or unset WEIR_ENGINE.`
    )
}

function unknownVariables(environment: Environment): string[] {
  const known = Object.values(VARIABLES).map(({ name }): string => name)
  return Object.keys(environment)
    .filter((name) => name.startsWith('WEIR_') && !known.includes(name))
    .sort()
    .map((name) =>
      /^WEIR_(SERVICE|PORT)_/.test(name)
        ? `Unknown variable ${escaped(name)}.${FROM_KUBERNETES}`
        : `Unknown variable ${escaped(name)}. Did you mean ${nearest(name, known)}?`
    )
}

// Kubernetes sets such variables in every pod, for each service. Those of a service named "weir" collide with
// ours.
const FROM_KUBERNETES =
  ' Kubernetes sets it for a service named weir: set enableServiceLinks: false in the pod.'

/** Hides passwords in URLs, because messages about a value go to logs and terminals. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/g, '//…@')
}

function hint(text: string): string {
  return text.startsWith('tcp://') ? FROM_KUBERNETES : ''
}

function nearest(name: string, candidates: readonly string[]): string {
  const [first = name] = candidates.toSorted((a, b) => leven(name, a) - leven(name, b))
  return first
}
