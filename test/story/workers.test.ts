import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ask, until } from '../support/http.ts'
import { startWeir, temporaryDirectory } from '../support/weir.ts'

const PACKAGE_LOG = '/var/log/dpkg.log'
const LINES = 3000

it('has every line worked off, though a worker and twice the server are killed', async () => {
  const directory = await temporaryDirectory()
  const lines = logLines()
  const file = join(directory, 'lines')
  await writeFile(file, lines.join('\n'))
  const environment = { WEIR_DATA_DIR: join(directory, 'data') }
  let weir = await startWeir(environment)
  onTestFinished(async () => void (await weir.stop('SIGKILL')))
  const stream = `${weir.url}/v1/streams/packages`
  const group = `${stream}/groups/audit`
  await ask('PUT', group, { createStream: true })

  const producer = start('producer.ts', stream, file)
  const produced = once(producer, 'exit')
  const consumers = ['ann', 'bob', 'cid']
  const workers = consumers.map((consumer) => start('worker.ts', group, consumer, join(directory, consumer)))
  const past = async (share: number) => (await ask('GET', group)).entriesRead > lines.length * share
  await until(async () => existsSync(join(directory, 'ann')) && (await past(1 / 10)))
  const held = await killWhileHolding(workers[0], group, 'ann', join(directory, 'ann'))

  for (const share of [1 / 3, 2 / 3]) {
    await until(() => past(share))
    await weir.stop('SIGKILL')
    weir = await startWeir({ ...environment, WEIR_PORT: String(weir.port) })
  }

  expect((await produced)[0]).toBe(0)
  const atTheEnd = await until(async () => {
    const info = await ask('GET', group)
    return info.lag === 0 && info.pending === 0 && info
  })
  expect(atTheEnd).toMatchObject({
    entriesRead: lines.length,
    lag: 0,
    pending: 0,
    lastDeliveredId: `${lines.length}-0`
  })
  expect((await ask('GET', stream)).length).toBe(lines.length)

  const work = new Map(consumers.map((consumer) => [consumer, workOf(join(directory, consumer))]))
  const done = new Map([...work.values()].flat().map(({ id, line }) => [id, line]))
  expect(lines.map((_, i) => done.get(`${i + 1}-0`))).toEqual(lines)
  expect(done.size).toBe(lines.length)
  // What ann held when she was killed was claimed by the others, and they could see that it was not new.
  const claimed = [...(work.get('bob') ?? []), ...(work.get('cid') ?? [])].filter(({ id }) =>
    held.includes(id)
  )
  expect(new Set(claimed.map(({ id }) => id))).toEqual(new Set(held))
  for (const { deliveries } of claimed) expect(deliveries).toBeGreaterThan(1)
})

/** The machine's own package log where there is one, else as many lines of the same kind. */
function logLines(): string[] {
  const lines = existsSync(PACKAGE_LOG) ? readFileSync(PACKAGE_LOG, 'utf8').trimEnd().split('\n') : []
  for (let i = lines.length; i < LINES; i++)
    lines.push(`2026-01-31 12:00:00 status installed package-${i}:all 1.0`)
  return lines.slice(0, LINES)
}

/** Starts a program of test/support/ for as long as the test runs. */
function start(program: string, ...args: string[]): ChildProcess {
  const path = new URL(`../support/${program}`, import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Kills a worker in the middle of its work, and gives the ids of the entries that it held. */
async function killWhileHolding(
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
function workOf(file: string): { id: string; deliveries: number; line: string }[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((text) => {
      const [id = '', deliveries, ...line] = text.split('\t')
      return { id, deliveries: Number(deliveries), line: line.join('\t') }
    })
}
