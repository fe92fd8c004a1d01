import { spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** The executable of a Redis or Valkey server that suites run on. */
export interface ServerProgram {
  /** Its kind and version, such as "redis-8.6". */
  readonly name: string
  readonly kind: 'redis' | 'valkey'
  /** Such as "8.6.3". */
  readonly version: string
  /** Such as "Redis 8.6.3". */
  readonly title: string
  /** The path of its executable, or a name on the PATH. */
  readonly program: string
}

/** The servers that CI runs the suites on, oldest first. Elsewhere, the suites of a missing server are skipped. */
export const EXPECTED_SERVERS: readonly string[] = ['redis-7.0', 'redis-8.6', 'valkey-8.0', 'valkey-9.1']

let found: readonly ServerProgram[] | undefined

/**
 * The servers in TEST_SERVERS, a list of paths in the format of PATH. Without it, the `redis-server` and
 * `valkey-server` of the PATH. Throws if a path in the variable is not a server.
 */
export function serverPrograms(): readonly ServerProgram[] {
  found ??= findServers(process.env['TEST_SERVERS'])
  return found
}

function findServers(paths: string | undefined): readonly ServerProgram[] {
  if (paths === undefined || paths === '') {
    return ['redis-server', 'valkey-server'].flatMap((program) => serverAt(program) ?? [])
  }
  return paths.split(delimiter).map((path) => {
    const server = serverAt(path)
    if (server === undefined) throw new Error(`TEST_SERVERS: ${path} is not a Redis or Valkey server`)
    return server
  })
}

/** The server of this vitest project. `vitest.config.ts` sets the variable. */
export function serverUnderTest(): ServerProgram | undefined {
  const program = process.env['TEST_SERVER']
  return program === undefined || program === '' ? undefined : serverAt(program)
}

/** The servers of CI that this machine does not have. */
export function missingServers(): readonly string[] {
  const names = new Set(serverPrograms().map(({ name }) => name))
  return EXPECTED_SERVERS.filter((name) => !names.has(name))
}

/** Asks an executable for its version. Undefined if it is not a Redis or Valkey server. */
function serverAt(program: string): ServerProgram | undefined {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  const [, title, version] = /^(Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(stdout ?? '') ?? []
  if (title === undefined || version === undefined) return undefined
  const kind = title === 'Redis' ? 'redis' : 'valkey'
  const name = `${kind}-${version.replace(/\.\d+$/, '')}`
  return { name, kind, version, title: `${title} ${version}`, program }
}

/** The first version of each kind that behaves in some way. A kind is left out if none of its versions does. */
export type Versions = Readonly<Partial<Record<ServerProgram['kind'], string>>>

export function isBefore({ kind, version }: ServerProgram, versions: Versions): boolean {
  const first = versions[kind]
  return first === undefined || version.localeCompare(first, 'en', { numeric: true }) < 0
}

/** Whether suites run on the Redis engine, too. In CI they do, and fail without a server. */
export function hasRedis(): boolean {
  return process.env['CI'] !== undefined || serverPrograms().length > 0
}
