import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { collectionsTo } from './collections.ts'
import type { Contender } from './contender.ts'
import { startRedis, startWebdis } from './peers/redis.ts'
import { newDirectory, type Program, startProgram } from './program.ts'

/** A contender that serves on loopback, with all that works for it. */
export interface Server {
  /** Where it speaks HTTP; where Redis speaks, of the contender that is nothing else. */
  readonly port: number
  /** Of the process that has this port. */
  readonly pid: number
  /** Of all that work for it. */
  readonly pids: readonly number[]
  /** The Redis behind it, if it has one. */
  readonly redisPort?: number
  /** Ends it and removes what it wrote, but for a data directory that it was given. */
  stop(): Promise<void>
  /** The same without letting it finish anything. */
  kill(): Promise<void>
}

/** How Weir is started, and what of it holds for its peers as well. */
export interface WeirOptions {
  readonly engine: 'embedded' | 'redis'
  /** The Node that runs Weir and the peers that are written for Node; this one, if not given. */
  readonly node?: string
  /** A directory with a built Weir; that of these load tests, if not given. */
  readonly build?: string
  /** Of Node, after those of `bin/node-flags`. */
  readonly flags?: readonly string[]
  /** New directories are made in this one, those of Redis as well; among the temporary ones, if not given. */
  readonly within?: string
  /** A new one that goes with the server, if not given. */
  readonly dataDirectory?: string
  /** Where profiles of processor time and of memory go when the server ends. */
  readonly profileDirectory?: string
  /** Where the list of garbage collections goes when the server ends. */
  readonly collectionsFile?: string
}

/** Starts a contender, new and empty, and everything that it needs. */
export async function startContender(contender: Contender, weir: WeirOptions): Promise<Server> {
  if (contender === 'weir') return startWeir(weir)
  if (contender === 'floor') return alone(await startPeer('floor', weir))
  const redis = await startRedis(weir.within)
  if (contender === 'direct') return { ...alone(redis), redisPort: redis.port }
  if (contender === 'webdis') return behind(redis, () => startWebdis(redis.port))
  return behind(redis, () => startPeer('proxy', { ...weir, env: { REDIS_URL: urlOf(redis) } }))
}

/** The built server as it comes: the default configuration but for its engine, logging to a file. */
export async function startWeir(options: WeirOptions): Promise<Server> {
  const { engine, dataDirectory, profileDirectory, within, node = process.execPath } = options
  const { build = pathOf('..'), flags = [] } = options
  const directory = await newDirectory(within)
  const collections = collectionsTo(options.collectionsFile)
  const start = (env: Record<string, string>): Promise<Program> =>
    startProgram({
      command: node,
      args: [
        ...[...nodeFlags(), ...flags],
        ...profiling(profileDirectory),
        ...collections.args,
        join(build, 'dist/main.js')
      ],
      env: {
        ...collections.env,
        WEIR_PORT: '0',
        WEIR_ENGINE: engine,
        WEIR_DATA_DIR: dataDirectory ?? join(directory, 'data'),
        ...env
      },
      directory,
      portOf: loggedPort
    })
  if (engine === 'embedded') return profiled(alone(await start({})), profileDirectory)
  const redis = await startRedis(within)
  return profiled(await behind(redis, () => start({ WEIR_REDIS_URL: urlOf(redis) })), profileDirectory)
}

/** Of memory, one allocation in so many bytes is looked at. */
const SAMPLE_BYTES = 64 * 1024
/** Where a Weir that is profiled leaves its last metrics. */
export const METRICS_FILE = 'metrics.txt'

/** The same server, which tells its metrics before it ends. */
function profiled(server: Server, directory: string | undefined): Server {
  if (directory === undefined) return server
  const stop = async (): Promise<void> => {
    const metrics = await fetch(`http://127.0.0.1:${server.port}/metrics`)
    await writeFile(join(directory, METRICS_FILE), await metrics.text())
    await server.stop()
  }
  return { ...server, stop }
}

/** Weir put together by load/peers/watched-weir.ts, whose checkpoints come "in time" or "never". */
export async function startWatchedWeir(
  checkpoints: 'in time' | 'never',
  options: WeirOptions
): Promise<Server> {
  const { profileDirectory } = options
  const nodeArgs = profiling(profileDirectory)
  const weir = await startPeer('watched-weir', { ...options, args: [checkpoints], nodeArgs })
  return profiled(alone(weir), profileDirectory)
}

interface PeerStart extends Pick<WeirOptions, 'node' | 'within'> {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
}

/** A program of load/peers/, with the same way of logging as Weir. */
async function startPeer(name: string, start: PeerStart): Promise<Program> {
  const { args = [], env, nodeArgs = [], node = process.execPath, within } = start
  const directory = await newDirectory(within)
  const program = pathOf(`./peers/${name}.ts`)
  return startProgram({
    command: node,
    args: [...nodeFlags(), ...nodeArgs, '--import', 'tsx', program, ...args],
    env: { WEIR_DATA_DIR: join(directory, 'data'), ...env },
    directory,
    portOf: loggedPort
  })
}

/** The flags that bin/weir starts Node with. Peers that run in Node get them as well. */
function nodeFlags(): string[] {
  return execFileSync(pathOf('../bin/node-flags'), { encoding: 'utf8' }).split(/\s+/).filter(Boolean)
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

function loggedPort(log: string): number | undefined {
  const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(log)?.[1]
  return port === undefined ? undefined : Number(port)
}

function profiling(directory: string | undefined): string[] {
  if (directory === undefined) return []
  const ofMemory = ['--heap-prof', `--heap-prof-dir=${directory}`, `--heap-prof-interval=${SAMPLE_BYTES}`]
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, ...ofMemory]
}

function urlOf({ port }: Program): string {
  return `redis://127.0.0.1:${port}`
}

function alone(program: Program): Server {
  return { ...program, pids: [program.pid] }
}

/** A program in front of a Redis, which ends with it, and also when it cannot be started. */
async function behind(redis: Program, start: () => Promise<Program>): Promise<Server> {
  try {
    const front = await start()
    const endBoth = async (end: () => Promise<void>): Promise<void> => {
      await end()
      await redis.stop()
    }
    return {
      port: front.port,
      pid: front.pid,
      pids: [front.pid, redis.pid],
      redisPort: redis.port,
      stop: () => endBoth(front.stop),
      kill: () => endBoth(front.kill)
    }
  } catch (error) {
    await redis.stop()
    throw error
  }
}
