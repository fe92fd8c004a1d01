import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'
import { until } from './http.ts'

/** The servers that the suites can run on, where they are installed. */
export type Program = 'redis-server' | 'valkey-server'

export function isInstalled(program: Program): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly process: ChildProcess
  /** Sends a command over a connection of its own kind, as a native client does. */
  command(...args: string[]): Promise<unknown>
  /** Ends the process; what it has not saved is gone. */
  kill(): Promise<void>
  /** Ends the process, and removes its directory. */
  stop(): Promise<void>
}

export interface RedisServerOptions {
  readonly program?: Program
  /** Further arguments, as on its command line. */
  readonly args?: readonly string[]
  readonly port?: number
  /** Kept when the process ends. */
  readonly directory?: string
  readonly password?: string
}

/** Starts a server on loopback, with nothing in it, and waits until it answers. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { program = 'redis-server', args = [], password } = options
  const port = options.port ?? (await freePort())
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'weir-redis-')))
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory]
  const login = password === undefined ? [] : ['--requirepass', password]
  const child = spawn(program, [...settings, ...login, ...args], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const url = `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`
  const command = async (...words: string[]) => {
    const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect()
    try {
      return await client.sendCommand(words)
    } finally {
      client.destroy()
    }
  }
  await until(async () => (await command('PING').catch(() => '')) === 'PONG')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    port,
    url,
    process: child,
    command,
    kill,
    async stop() {
      await kill()
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
    }
  }
}

/** A cluster of one process, which has all slots and refuses commands on several of them as a large one does. */
export async function startCluster(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedis({ ...options, args: ['--cluster-enabled', 'yes', ...(options.args ?? [])] })
  await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await until(async () => String(await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok'))
  return server
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  return address.port
}
