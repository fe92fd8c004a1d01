import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { ask, until } from './http.ts'

const PACKAGE_LOG = '/var/log/dpkg.log'
const LINES = 3000

/** The machine's own package log where there is one, else as many lines of the same kind. */
export function logLines(): string[] {
  const lines = existsSync(PACKAGE_LOG) ? readFileSync(PACKAGE_LOG, 'utf8').trimEnd().split('\n') : []
  for (let i = lines.length; i < LINES; i++)
    lines.push(`2026-01-31 12:00:00 status installed package-${i}:all 1.0`)
  return lines.slice(0, LINES)
}

/** Starts a program of test/support/ for as long as the test runs. */
export function start(program: string, ...args: string[]): ChildProcess {
  const path = new URL(`../support/${program}`, import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Kills a worker in the middle of its work, and gives the ids of the entries that it held. */
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
    // An ack may be on its way. It has arrived when a second look shows what the first one showed.
    const [before, after] = [await pendingIds(), await pendingIds()]
    // What it has worked on it has read. Otherwise the answer could lie unread in its socket: then nobody holds it.
    const done = new Set(workOf(file).map(({ id }) => id))
    if (before.length === after.length && after.some((id) => done.has(id))) return after
    worker?.kill('SIGCONT')
    return undefined
  })
  worker?.kill('SIGKILL')
  return held
}

/** What a worker wrote down. The last line may be torn when it was killed. */
export function workOf(file: string): { id: string; deliveries: number; line: string }[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((text) => {
      const [id = '', deliveries, ...line] = text.split('\t')
      return { id, deliveries: Number(deliveries), line: line.join('\t') }
    })
}
