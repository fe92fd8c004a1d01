import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export const MAIN = new URL('../../dist/main.js', import.meta.url).pathname
/** A program that prints the flags for Node. */
export const NODE_FLAGS = new URL('../../bin/node-flags', import.meta.url).pathname
/** A program that starts Weir in a Node with these flags. */
export const LAUNCHER = new URL('../../bin/weir', import.meta.url).pathname

/** The name of the control socket in a data directory. */
export const CONTROL_SOCKET = 'door'

/** Weir as a process of its own, started as its users start it. */
export interface Weir {
  readonly url: string
  readonly port: number
  readonly process: ChildProcess
  /** The parsed lines of its log so far. */
  readonly log: Record<string, unknown>[]
  /** The log line "listening". Others may follow it. */
  readonly listening: Record<string, unknown>
  /** Resolves with the exit code, or with null if a signal ended the process. */
  readonly exited: Promise<number | null>
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/**
 * Starts Weir on loopback, on a free port unless the environment names one, and waits until it listens. It does not
 * warm up unless the environment says so. `before` is a command that starts it in turn, like `nice`. Rejects if Weir
 * exits.
 */
export async function startWeir(
  environment: Readonly<Record<string, string>>,
  before: readonly string[] = []
): Promise<Weir> {
  const [program = '', ...args] = [...before, LAUNCHER]
  const child = spawn(program, args, {
    env: { ...ownEnvironment(), WEIR_PORT: '0', WEIR_WARM_UP_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const log: Record<string, unknown>[] = []
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const listening = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line)
      log.push(entry)
      if (entry.msg === 'listening') resolve(entry)
    })
    exited.then((code) => reject(new Error(`Weir exited with ${code} before it listened: ${errors}`)), reject)
  })
  const url = String(listening['address'])
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    log,
    listening,
    exited,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return exited
    }
  }
}

/** Starts Weir for one test and stops it when the test is over. */
export async function weirForTest(environment: Readonly<Record<string, string>> = {}): Promise<Weir> {
  const weir = await startWeir({ WEIR_DATA_DIR: await temporaryDirectory(), ...environment })
  onTestFinished(async () => {
    await weir.stop('SIGKILL')
  })
  return weir
}

/** A new directory, which is removed when the test is over. */
export async function temporaryDirectory(within = tmpdir()): Promise<string> {
  const directory = await mkdtemp(join(within, 'weir-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The same, in memory if the machine has a directory there. For tests that need no disk. */
export function temporaryMemory(): Promise<string> {
  return temporaryDirectory(existsSync(MEMORY) ? MEMORY : undefined)
}
const MEMORY = '/dev/shm'

/** The environment of this process without Weir's variables, which would affect the tests. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WEIR_')))
}

/** Runs Weir with these arguments until it ends. */
export async function run(args: string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...ownEnvironment(), WEIR_WARM_UP_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit')
  ])
  return { code, stdout, stderr }
}
