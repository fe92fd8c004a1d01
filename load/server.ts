import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const START_MS = 10_000

/** A server in a process of its own, on loopback. */
export interface Server {
  readonly port: number
  /** Ends it and removes what it wrote. */
  stop(): Promise<void>
}

/** The built server as it comes: the default configuration, logging to a file, a new data directory. */
export function startWeir(): Promise<Server> {
  return start([fileURLToPath(new URL('../dist/main.js', import.meta.url))])
}

/** A program of load/peers/, with the same environment and the same way of logging. */
export function startPeer(name: string): Promise<Server> {
  return start(['--import', 'tsx', fileURLToPath(new URL(`./peers/${name}.ts`, import.meta.url))])
}

async function start(args: string[]): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-load-'))
  const logFile = join(directory, 'log')
  const log = await open(logFile, 'a')
  const child = spawn(process.execPath, args, {
    env: { ...process.env, WEIR_PORT: '0', WEIR_DATA_DIR: join(directory, 'data') },
    stdio: ['ignore', log.fd, 'inherit']
  })
  await log.close()
  const port = await listening(child, logFile)
  return {
    port,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      await rm(directory, { recursive: true })
    }
  }
}

/** The port that the server logs when it listens. */
async function listening(child: ChildProcess, logFile: string): Promise<number> {
  const giveUpAt = performance.now() + START_MS
  while (child.exitCode === null && performance.now() < giveUpAt) {
    const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(await readFile(logFile, 'utf8'))?.[1]
    if (port !== undefined) return Number(port)
    await sleep(20)
  }
  child.kill('SIGKILL')
  throw new Error(`The server does not listen: ${await readFile(logFile, 'utf8')}`)
}
