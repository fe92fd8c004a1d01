import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const START_TIMEOUT_MS = 30_000
const POLL_MS = 5

/** The running programs and their directories. Neither outlives this process. */
const children = new Set<ChildProcess>()
const directories = new Set<string>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** A server on loopback, in a process of its own. */
export interface Program {
  readonly port: number
  readonly pid: number
  /** Ends it with SIGTERM, and removes its directory. */
  stop(): Promise<void>
  /** The same with SIGKILL. */
  kill(): Promise<void>
}

export interface Start {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The program's working files and log. Removed when the program ends. */
  readonly directory: string
  /** Returns the port if the log shows that the program accepts connections, else undefined. */
  readonly portOf: (log: string) => number | undefined
}

/** Starts a program, and waits until it accepts connections. Rejects with its log if it does not. */
export async function startProgram({ command, args, env, directory, portOf }: Start): Promise<Program> {
  const logFile = join(directory, 'log')
  const log = await open(logFile, 'a')
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', log.fd, log.fd]
  })
  await log.close()
  children.add(child)
  child.once('exit', () => children.delete(child))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await endChild(child, signal)
    await removeDirectory(directory)
  }
  try {
    const port = await waitForPort(child, logFile, portOf)
    return { port, pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

/** Creates an empty directory for a program. It is removed when this process exits, if not before. */
export async function newDirectory(within = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(within, 'weir-load-'))
  directories.add(directory)
  return directory
}

async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true })
  directories.delete(directory)
}

/** Runs `work` with an empty directory, and then removes the directory. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await newDirectory()
  try {
    return await work(directory)
  } finally {
    await removeDirectory(directory)
  }
}

/** Returns the programs that are not installed. */
export function missingPrograms(names: readonly string[]): string[] {
  // Does not run them: webdis has no --version, and would start to serve.
  return names.filter((name) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status !== 0)
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

async function waitForPort(child: ChildProcess, logFile: string, portOf: Start['portOf']): Promise<number> {
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  const giveUpAt = performance.now() + START_TIMEOUT_MS
  while (failure === undefined && child.exitCode === null && performance.now() < giveUpAt) {
    const port = portOf(await readFile(logFile, 'utf8'))
    if (port !== undefined) return port
    await sleep(POLL_MS)
  }
  throw failure ?? new Error(`The program did not start: ${await readFile(logFile, 'utf8')}`)
}
