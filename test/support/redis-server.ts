import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'
import { freePort } from '../../load/free-port.ts'
import { until } from './http.ts'
import { serverPrograms, serverUnderTest } from './server-programs.ts'

/** The server of the project, or else the first one of this machine. */
const PROGRAM = (serverUnderTest() ?? serverPrograms()[0])?.program ?? 'redis-server'

export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly isCluster: boolean
  readonly process: ChildProcess
  /** Sends a command over a connection of its own, as a native client does. */
  command(...args: string[]): Promise<unknown>
  /** Kills the process. Unsaved data is lost. */
  kill(): Promise<void>
  /** Kills the process and removes its directory. */
  stop(): Promise<void>
}

export interface RedisServerOptions {
  /** Further arguments on its command line. */
  readonly args?: readonly string[]
  readonly port?: number
  /** A directory for its data, which is kept when the process ends. */
  readonly directory?: string
  readonly password?: string
}

/** Starts the server of the project on loopback, and waits until it answers. Without `directory` it is empty. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { args = [], password } = options
  const port = options.port ?? (await freePort())
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'weir-redis-')))
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory]
  const login = password === undefined ? [] : ['--requirepass', password]
  const child = spawn(PROGRAM, [...settings, ...login, ...args], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const url = `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`
  let client: Client | undefined
  const command = async (...words: string[]) => {
    if (client?.isReady !== true) client = await nativeClient(url)
    return client.sendCommand(words)
  }
  await until(async () => (await command('PING').catch(() => '')) === 'PONG')
  const kill = async () => {
    if (client?.isOpen) client.destroy()
    child.kill('SIGKILL')
    await exited
  }
  return {
    port,
    url,
    isCluster: args.includes('--cluster-enabled'),
    process: child,
    command,
    kill,
    async stop() {
      await kill()
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
    }
  }
}

type Client = Awaited<ReturnType<typeof nativeClient>>

async function nativeClient(url: string) {
  const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Starts a Cluster of one process. It has all slots, and refuses commands on several slots like any Cluster. */
export async function startCluster(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedis({ ...options, args: ['--cluster-enabled', 'yes', ...(options.args ?? [])] })
  await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await until(async () => String(await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok'))
  return server
}
