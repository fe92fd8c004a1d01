import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { ask, until } from './http.ts'

const PACKAGE_LOG = '/var/log/dpkg.log'
const LINES = 3000

/** The first lines of the machine's package log, filled up with similar lines. */
export function logLines(): string[] {
  const lines = existsSync(PACKAGE_LOG) ? readFileSync(PACKAGE_LOG, 'utf8').trimEnd().split('\n') : []
  for (let i = lines.length; i < LINES; i++)
    lines.push(`2026-01-31 12:00:00 status installed package-${i}:all 1.0`)
  return lines.slice(0, LINES)
}

/** Starts a program of test/support/. It is killed when the test is over. */
export function start(program: string, ...args: string[]): ChildProcess {
  const path = new URL(`../support/${program}`, import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Kills a worker in the middle of its work. Returns the ids of its pending entries. */
export async function killWhileHolding(
  worker: ChildProcess | undefined,
  group: string,
  consumer: string,
  file: string
) {
  const pendingIds = async (): Promise<string[]> => {
    const { pending } = await ask('GET', `${group}/pending?consumer=${consumer}`)
    return pending.map(({ id }: { id: string }) => id)
  }
  const held = await until(async () => {
    await until(async () => (await pendingIds()).length > 0)
    worker?.kill('SIGSTOP')
    // An ack may be on its way. It has arrived when two requests in a row return the same ids.
    const [before, after] = [await pendingIds(), await pendingIds()]
    // The worker has read an entry if it has worked on it. Otherwise the answer may be unread in its socket.
    const done = new Set(workOf(file).map(({ id }) => id))
    if (before.length === after.length && after.some((id) => done.has(id))) return after
    worker?.kill('SIGCONT')
    return undefined
  })
  worker?.kill('SIGKILL')
  return held
}

/** The lines that a worker wrote. An incomplete last line, which a kill may leave, is left out. */
export function workOf(file: string): { id: string; deliveries: number; line: string }[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((text) => {
      const [id = '', deliveries, ...line] = text.split('\t')
      return { id, deliveries: Number(deliveries), line: line.join('\t') }
    })
}
