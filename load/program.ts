import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const START_MS = 30_000
const LOOK_MS = 5

/** Those that run, and where things are written: neither outlives this process. */
const children = new Set<ChildProcess>()
const directories = new Set<string>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** A program that serves on loopback, in a process of its own. */
export interface Program {
  readonly port: number
  readonly pid: number
  /** Ends it and removes its directory. */
  stop(): Promise<void>
  /** The same without letting it finish anything. */
  kill(): Promise<void>
}

export interface Start {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** For what it writes; its log goes there, and in the end it is removed. */
  readonly directory: string
  /** The port, once what it has logged says that it serves there. */
  readonly portOf: (log: string) => number | undefined
}

/** Starts a program and waits until it serves. */
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
    await ended(child, signal)
    await removeDirectory(directory)
  }
  try {
    const port = await serving(child, logFile, portOf)
    return { port, pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
}

/** A new directory of a program's own. */
export async function newDirectory(within = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(within, 'weir-load-'))
  directories.add(directory)
  return directory
}

async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true })
  directories.delete(directory)
}

/** Gives a directory to work in, and removes it in the end. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await newDirectory()
  try {
    return await work(directory)
  } finally {
    await removeDirectory(directory)
  }
}

/** Those of them that this machine does not have. */
export function missingPrograms(names: readonly string[]): string[] {
  // Looked for and not run: webdis knows no --version, and serves.
  return names.filter((name) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status !== 0)
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

async function serving(child: ChildProcess, logFile: string, portOf: Start['portOf']): Promise<number> {
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  const giveUpAt = performance.now() + START_MS
  while (failure === undefined && child.exitCode === null && performance.now() < giveUpAt) {
    const port = portOf(await readFile(logFile, 'utf8'))
    if (port !== undefined) return port
    await sleep(LOOK_MS)
  }
  throw failure ?? new Error(`The program does not serve: ${await readFile(logFile, 'utf8')}`)
}
