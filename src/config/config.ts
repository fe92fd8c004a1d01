import { isIPv4 } from 'node:net'
import leven from 'leven'
import { quoted, shown } from './escapes.ts'
import { VARIABLES } from './variables.ts'

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

function hint(text: string): string {
  return text.startsWith('tcp://') ? FROM_KUBERNETES : ''
}

function nearest(name: string, candidates: readonly string[]): string {
  const [first = name] = candidates.toSorted((a, b) => leven(name, a) - leven(name, b))
  return first
}
