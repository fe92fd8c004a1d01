import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const START_MS = 30_000
const LOOK_MS = 5

/** A server in a process of its own, on loopback. */
export interface Server {
  readonly port: number
  readonly pid: number
  /** Ends it and removes what it wrote, but for a data directory that it was given. */
  stop(): Promise<void>
  /** The same without letting it finish anything. */
  kill(): Promise<void>
}

/** The built server as it comes: the default configuration, logging to a file, a new data directory unless given one. */
export function startWeir(dataDirectory?: string): Promise<Server> {
  return start([fileURLToPath(new URL('../dist/main.js', import.meta.url))], dataDirectory)
}

/** A program of load/peers/, with the same environment and the same way of logging. */
export function startPeer(name: string, ...args: string[]): Promise<Server> {
  return start(['--import', 'tsx', fileURLToPath(new URL(`./peers/${name}.ts`, import.meta.url)), ...args])
}

/** Gives a directory to work in, and removes it in the end. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-load-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function start(args: string[], dataDirectory?: string): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-load-'))
  const logFile = join(directory, 'log')
  const log = await open(logFile, 'a')
  const child = spawn(process.execPath, args, {
    env: { ...process.env, WEIR_PORT: '0', WEIR_DATA_DIR: dataDirectory ?? join(directory, 'data') },
    stdio: ['ignore', log.fd, 'inherit']
  })
  await log.close()
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      await once(child, 'exit')
    }
    await rm(directory, { recursive: true })
  }
  const port = await listening(child, logFile)
  return { port, pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

/** The port that the server logs when it listens. */
async function listening(child: ChildProcess, logFile: string): Promise<number> {
  const giveUpAt = performance.now() + START_MS
  while (child.exitCode === null && performance.now() < giveUpAt) {
    const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(await readFile(logFile, 'utf8'))?.[1]
    if (port !== undefined) return Number(port)
    await sleep(LOOK_MS)
  }
  child.kill('SIGKILL')
  throw new Error(`The server does not listen: ${await readFile(logFile, 'utf8')}`)
}
