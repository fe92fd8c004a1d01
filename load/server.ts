import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { collectionsTo } from './collections.ts'
import type { Contender } from './contender.ts'
import { startRedis, startWebdis } from './peers/redis.ts'
import { newDirectory, type Program, startProgram } from './program.ts'

/** A contender that accepts connections on loopback, with the Redis that it needs. */
export interface Server {
  /** The port for HTTP. For `direct`, the port of Redis. */
  readonly port: number
  /** The process that listens on this port. */
  readonly pid: number
  /** All processes of the contender. */
  readonly pids: readonly number[]
  /** The port of the contender's Redis, if it has one. */
  readonly redisPort?: number
  /** Ends it with SIGTERM, and removes what it wrote, except a data directory that it was given. */
  stop(): Promise<void>
  /** The same with SIGKILL. */
  kill(): Promise<void>
}

/** How to start Weir. Some options apply to its peers as well. */
export interface WeirOptions {
  readonly engine: 'embedded' | 'redis'
  /** The Node that runs Weir and the peers written for Node. Default: the one that runs this. */
  readonly node?: string
  /** A directory with a built Weir. Default: the one that contains these load tests. */
  readonly build?: string
  /** Flags of Node, added after those of `bin/node-flags`. */
  readonly flags?: readonly string[]
  /** The parent of all directories that are created, Redis' included. Default: the directory for temporary files. */
  readonly within?: string
  /** Default: a new directory, which is removed with the server. */
  readonly dataDirectory?: string
  /** Where Node writes CPU and heap profiles when the server ends. */
  readonly profileDirectory?: string
  /** Where Node writes the list of garbage collections when the server ends. */
  readonly collectionsFile?: string
}

/** Starts a contender without any data, and the Redis that it needs. */
export async function startContender(contender: Contender, weir: WeirOptions): Promise<Server> {
  if (contender === 'weir') return startWeir(weir)
  if (contender === 'floor') return withoutRedis(await startPeer('floor', weir))
  const redis = await startRedis(weir.within)
  if (contender === 'direct') return { ...withoutRedis(redis), redisPort: redis.port }
  if (contender === 'webdis') return onRedis(redis, () => startWebdis(redis.port))
  return onRedis(redis, () => startPeer('proxy', { ...weir, env: { REDIS_URL: urlOf(redis) } }))
}

/** Starts the built Weir in its default configuration, except for the engine. It logs to a file. */
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
  if (engine === 'embedded') return withMetricsSaved(withoutRedis(await start({})), profileDirectory)
  const redis = await startRedis(within)
  return withMetricsSaved(
    await onRedis(redis, () => start({ WEIR_REDIS_URL: urlOf(redis) })),
    profileDirectory
  )
}

/** The heap profiler samples one allocation in this many bytes. */
const SAMPLE_BYTES = 64 * 1024
/** The file with the last metrics of a Weir that was profiled. */
export const METRICS_FILE = 'metrics.txt'

/** Makes `stop` save the server's metrics to a directory first. */
function withMetricsSaved(server: Server, directory: string | undefined): Server {
  if (directory === undefined) return server
  const stop = async (): Promise<void> => {
    const metrics = await fetch(`http://127.0.0.1:${server.port}/metrics`)
    await writeFile(join(directory, METRICS_FILE), await metrics.text())
    await server.stop()
  }
  return { ...server, stop }
}

/** Starts load/peers/watched-weir.ts. Its checkpoints run as usual ("in time") or "never". */
export async function startWatchedWeir(
  checkpoints: 'in time' | 'never',
  options: WeirOptions
): Promise<Server> {
  const { profileDirectory } = options
  const nodeArgs = profiling(profileDirectory)
  const weir = await startPeer('watched-weir', { ...options, args: [checkpoints], nodeArgs })
  return withMetricsSaved(withoutRedis(weir), profileDirectory)
}

interface PeerStart extends Pick<WeirOptions, 'node' | 'within'> {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
}

/** Starts a program of load/peers/. It logs as Weir does. */
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

/** The flags with which bin/weir starts Node. The peers that run on Node get the same ones. */
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
  const heapProfile = ['--heap-prof', `--heap-prof-dir=${directory}`, `--heap-prof-interval=${SAMPLE_BYTES}`]
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, ...heapProfile]
}

function urlOf({ port }: Program): string {
  return `redis://127.0.0.1:${port}`
}

function withoutRedis(program: Program): Server {
  return { ...program, pids: [program.pid] }
}

/** Starts a program in front of a Redis. The Redis ends with the program, and also if the program does not start. */
async function onRedis(redis: Program, start: () => Promise<Program>): Promise<Server> {
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
