import { spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** A Redis or Valkey server that suites run on. */
export interface ServerProgram {
  /** Its kind and version, as in "redis-8.6". */
  readonly name: string
  readonly kind: 'redis' | 'valkey'
  /** As in "8.6.3". */
  readonly version: string
  /** As people name it, as in "Redis 8.6.3". */
  readonly title: string
  /** The path of its executable, or a name on the PATH. */
  readonly program: string
}

/** Servers that CI runs the suites on, the oldest first and the newest last. Elsewhere the suites of a server that is not there are skipped. */
export const EXPECTED_SERVERS: readonly string[] = ['redis-7.0', 'redis-8.6', 'valkey-8.0', 'valkey-9.1']

let found: readonly ServerProgram[] | undefined

/**
 * The servers of TEST_SERVERS, which lists paths as PATH does; without it, `redis-server` and `valkey-server` of the
 * PATH. Throws if a path of the variable leads to no server.
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
    if (server === undefined) throw new Error(`TEST_SERVERS: ${path} is no Redis or Valkey server`)
    return server
  })
}

/** The server that this project of suites runs on: `vitest.config.ts` sets the variable. */
export function serverUnderTest(): ServerProgram | undefined {
  const program = process.env['TEST_SERVER']
  return program === undefined || program === '' ? undefined : serverAt(program)
}

/** Servers that CI has and this machine has not. */
export function missingServers(): readonly string[] {
  const names = new Set(serverPrograms().map(({ name }) => name))
  return EXPECTED_SERVERS.filter((name) => !names.has(name))
}

/** What the executable says that it is; undefined if it is none. */
function serverAt(program: string): ServerProgram | undefined {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  const [, title, version] = /^(Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(stdout ?? '') ?? []
  if (title === undefined || version === undefined) return undefined
  const kind = title === 'Redis' ? 'redis' : 'valkey'
  const name = `${kind}-${version.replace(/\.\d+$/, '')}`
  return { name, kind, version, title: `${title} ${version}`, program }
}

/** The first version of each kind that does something; left out for a kind none of whose versions does. */
export type Versions = Readonly<Partial<Record<ServerProgram['kind'], string>>>

export function isBefore({ kind, version }: ServerProgram, versions: Versions): boolean {
  const first = versions[kind]
  return first === undefined || version.localeCompare(first, 'en', { numeric: true }) < 0
}

/** Whether suites of both engines run on both here. Where everything is to be there, they fail without a server. */
export function hasRedis(): boolean {
  return process.env['CI'] !== undefined || serverPrograms().length > 0
}
