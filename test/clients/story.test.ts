import { expect, it, onTestFinished } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { keepStory, type Part } from '../../openapi/sdk/outcome.ts'
import { ask, until } from '../support/http.ts'
import { logLines } from '../support/story.ts'
import { type Weir, weirForTest } from '../support/weir.ts'
import { CHOSEN } from './chosen.ts'
import { type Settings, WorkerProcess } from './worker-process.ts'

/** Long enough that only killed workers lose their entries. */
const ACK_TIMEOUT_MS = '4000'
const TAKES_MS = '20'
const LINES_AT_ONCE = 50
const LAG = 100

/** A worker of the group, and all processes that it had. */
interface Member {
  readonly language: LanguageName
  readonly consumer: string
  readonly processes: WorkerProcess[]
  held: string[]
}

it('workers in all languages process each line of a file, although each of them is killed once', {
  timeout: 300_000
}, async () => {
  const weir = await weirForTest()
  const stream = `${weir.url}/v1/streams/lines`
  const group = `${stream}/groups/story`
  await ask('PUT', group, { createStream: true, delivery: { ackTimeoutMs: Number(ACK_TIMEOUT_MS) } })
  const members = membersOf(weir)
  let isEnough = false
  const producing = produce(stream, group, () => isEnough)
  for (const member of members) {
    await killWhileHolding(member, group)
    await until(async () => takenOver(member, members) === member.held.length, 50)
    member.processes.push(startMember(weir, member))
  }
  isEnough = true
  const lines = await producing
  await until(async () => {
    const done = new Set(members.flatMap(idsOf))
    return lines.every(({ id }) => done.has(id))
  }, 50)
  const codes = await Promise.all(members.map(({ processes }) => processes.at(-1)?.stop()))
  expect(codes).toEqual(members.map(() => 0))
  expect((await ask('GET', `${group}/pending`)).pending).toEqual([])
  expect((await ask('GET', `${group}/consumers`)).consumers).toEqual([])

  const expected = new Map(lines.map(({ id, order, total }) => [id, `${id} ${order} ${total}`]))
  const processed = members.flatMap(({ processes }) => processes.flatMap((process) => process.lines))
  expect(processed.filter((line) => expected.get(line.split(' ')[0] ?? '') !== line)).toEqual([])
  const held = new Set(members.flatMap((member) => member.held))
  const ids = members.flatMap(idsOf)
  const twice = ids.filter((id, index) => ids.indexOf(id) < index)
  expect(twice.filter((id) => !held.has(id))).toEqual([])
  expect(members.filter(({ processes }) => processes.some((process) => process.lines.length === 0))).toEqual(
    []
  )
  keepStory(partsOf(members))
})

/** A worker for each language. A language that is alone has two, because somebody has to take over. */
function membersOf(weir: Weir): Member[] {
  const languages = CHOSEN.length === 1 ? [...CHOSEN, ...CHOSEN] : CHOSEN
  const members = languages.map((language, index) => {
    const member: Member = { language, consumer: `${language}-${index}`, processes: [], held: [] }
    member.processes.push(startMember(weir, member))
    return member
  })
  onTestFinished(async ({ task }) => {
    for (const { language, processes } of members) {
      for (const process of processes) {
        await process.stop('SIGKILL')
        if (task.result?.state === 'fail') console.error(`${language}:\n${process.log.join('\n')}`)
      }
    }
  })
  return members
}

function startMember({ url }: Weir, { language, consumer }: Member): WorkerProcess {
  const settings: Settings = {
    WEIR_URL: url,
    STREAM: 'lines',
    GROUP: 'story',
    CONSUMER: consumer,
    ACK_TIMEOUT_MS
  }
  return new WorkerProcess(language, settings)
}

/** Appends lines, so that there is always work, until it is enough. Resolves with all of them. */
async function produce(stream: string, group: string, isEnough: () => boolean) {
  const texts = logLines()
  const lines: { id: string; order: string; total: string }[] = []
  while (!isEnough()) {
    await until(async () => isEnough() || (await ask('GET', group)).lag < LAG, 50)
    const orders = Array.from({ length: LINES_AT_ONCE }, (_, i) => {
      const number = lines.length + i
      return { order: texts[number % texts.length] ?? '', total: `${number}.00` }
    })
    const entries = orders.map((fields) => ({ fields: { ...fields, takesMs: TAKES_MS } }))
    const { ids } = await ask('POST', `${stream}/entries`, { entries })
    orders.forEach((fields, i) => void lines.push({ id: ids[i], ...fields }))
  }
  return lines
}

/** Kills the worker while entries are pending for it, after it has processed some. */
async function killWhileHolding(member: Member, group: string): Promise<void> {
  const [worker] = member.processes
  if (worker === undefined) throw new Error('It was not started')
  const pendingIds = async (): Promise<string[]> => {
    const { pending } = await ask('GET', `${group}/pending?consumer=${member.consumer}`)
    return pending.map(({ id }: { id: string }) => id)
  }
  await worker.processed(10)
  member.held = await until(async () => {
    await until(async () => (await pendingIds()).length > 0)
    worker.signal('SIGSTOP')
    // An ack may be on its way. It has arrived when two requests in a row return the same ids.
    const [before, after] = [await pendingIds(), await pendingIds()]
    if (before.length === after.length && after.length > 0) return after
    worker.signal('SIGCONT')
    return false
  })
  await worker.stop('SIGKILL')
}

/** How many of the entries that a worker held when it was killed have been processed by others. */
function takenOver(member: Member, members: readonly Member[]): number {
  const others = new Set(members.filter((other) => other !== member).flatMap(idsOf))
  return member.held.filter((id) => others.has(id)).length
}

function idsOf({ processes }: Member): string[] {
  return processes.flatMap(({ ids }) => ids)
}

function partsOf(members: readonly Member[]): Partial<Record<LanguageName, Part>> {
  return Object.fromEntries(
    members.map((member) => [
      member.language,
      { entries: idsOf(member).length, held: member.held.length, takenOver: takenOver(member, members) }
    ])
  )
}
