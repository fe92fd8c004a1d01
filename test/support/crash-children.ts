import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Plan } from './crash-child.ts'
import { type Line, readLines } from './crash-lines.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const BUILT = path.join(ROOT, 'node_modules', '.cache', 'weir-crash')

/** Builds the program of the processes that are killed: run as it is built, it starts several times as fast. */
export async function buildChild(): Promise<void> {
  const config = path.join(ROOT, 'test', 'support', 'tsconfig.crash.json')
  execFileSync(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', config], { stdio: 'inherit' })
  await mkdir(BUILT, { recursive: true })
  await writeFile(path.join(BUILT, 'package.json'), '{ "type": "module" }\n')
}

/** Starts a process, and gives what it left as evidence when it was killed: so many milliseconds after it began. */
export async function killed(plan: Plan, afterMs?: number): Promise<Line[]> {
  const evidence = await open(path.join(plan.directory, '..', 'evidence'), 'w+')
  try {
    await run(plan, evidence, afterMs)
    return readLines(await readFrom(evidence))
  } finally {
    await evidence.close()
  }
}

async function run(plan: Plan, evidence: FileHandle, afterMs: number | undefined): Promise<void> {
  const program = path.join(BUILT, 'test', 'support', 'crash-child.js')
  const child = spawn(process.execPath, [program, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit', evidence.fd]
  })
  child.stdout?.once('data', () => {
    if (afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs)
  })
  const [code, signal] = await once(child, 'close')
  if (signal !== 'SIGKILL')
    throw new Error(`The process of ${JSON.stringify(plan)} ended with ${code ?? signal}`)
}

async function readFrom(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const { buffer } = await file.read(Buffer.alloc(size), 0, size, 0)
  return buffer.toString()
}
