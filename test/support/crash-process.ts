import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type HistoryEvent, readEvents } from './crash-history.ts'
import type { Plan } from './crash-program.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const BUILT = path.join(ROOT, 'node_modules', '.cache', 'weir-crash')

/** Compiles the program that is killed, because it then starts several times as fast as through tsx. */
export async function buildCrashProgram(): Promise<void> {
  const config = path.join(ROOT, 'test', 'support', 'tsconfig.crash.json')
  execFileSync(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', config], { stdio: 'inherit' })
  await mkdir(BUILT, { recursive: true })
  await writeFile(path.join(BUILT, 'package.json'), '{ "type": "module" }\n')
}

/**
 * Starts a process with an engine for each plan, and waits until it is killed: `afterMs` milliseconds after its
 * start, or by one of its engines. Returns the history of each engine.
 */
export async function runUntilKilled(plans: readonly Plan[], afterMs?: number): Promise<HistoryEvent[][]> {
  const files = await Promise.all(
    plans.map(({ directory }) => open(path.join(directory, '..', 'history'), 'w+'))
  )
  try {
    await run(plans, files, afterMs)
    return await Promise.all(files.map(async (file) => readEvents(await readFrom(file))))
  } finally {
    for (const file of files) await file.close()
  }
}

async function run(
  plans: readonly Plan[],
  histories: readonly FileHandle[],
  afterMs: number | undefined
): Promise<void> {
  const program = path.join(BUILT, 'test', 'support', 'crash-program.js')
  const child = spawn(process.execPath, [program, JSON.stringify(plans)], {
    stdio: ['ignore', 'pipe', 'inherit', ...histories.map(({ fd }) => fd)]
  })
  child.stdout?.once('data', () => {
    if (afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs)
  })
  const [code, signal] = await once(child, 'close')
  if (signal !== 'SIGKILL')
    throw new Error(`The process of ${JSON.stringify(plans)} ended with ${code ?? signal}`)
}

async function readFrom(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0)
  return buffer.toString()
}
