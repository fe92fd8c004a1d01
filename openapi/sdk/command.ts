import { spawn } from 'node:child_process'

/** A command that was run to its end. */
export interface Ended {
  readonly ok: boolean
  /** Standard output and standard error, as they came. */
  readonly output: string
  readonly seconds: number
}

/** The most time for a command. The first build downloads all libraries of a language. */
const MAX_MS = 10 * 60_000

/** Runs shell commands in a directory, each after the other until one fails, and ends what they started after `MAX_MS`. */
export function runCommands(commands: string, directory: URL): Promise<Ended> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    // A process group of its own, so that what the shell started ends with it.
    const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: directory,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let output = ''
    const collect = (text: string): void => {
      output += text
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    const timer = setTimeout(() => {
      collect(`\nended after ${MAX_MS / 60_000} minutes\n`)
      endGroup(child.pid)
    }, MAX_MS)
    const onExit = () => endGroup(child.pid)
    process.once('exit', onExit)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      process.off('exit', onExit)
      resolve({ ok: code === 0, output, seconds: (performance.now() - startedAt) / 1000 })
    })
  })
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL')
  } catch {
    // All of its processes have ended.
  }
}
