import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ask, readersWaiting, until } from '../support/http.ts'
import { describeOnEngines, type EngineName, storeForTest } from '../support/on-engines.ts'
import { Poller } from '../support/poller.ts'
import { weirForTest } from '../support/weir.ts'

const READERS = 20

describeOnEngines('readers that hang up while they wait', (engine) => {
  it('leave every entry to those who stay', async () => {
    const { url, stream, group } = await orders(engine)
    const random = randomNumbers(1)
    let hangUps = 0
    while (hangUps < 2000) {
      const readers = Array.from(
        { length: READERS },
        (_, i) => new Poller(group, { consumer: `c${i}`, count: 1, waitMs: 60_000 })
      )
      await until(async () => (await readersWaiting(url)) === READERS)
      const leaving = readers.filter(() => random() < 0.7)
      for (const reader of leaving) reader.hangUp()
      hangUps += leaving.length
      const ids = await append(stream, READERS)

      const staying = readers.filter((reader) => !leaving.includes(reader))
      const answers = await Promise.all(staying.map(({ answer }) => answer))
      for (const reader of staying) reader.hangUp()
      const rest = await takeRest(group, READERS - staying.length)
      const given = [...answers.flatMap((entries) => entries ?? []), ...rest]
      expect(given.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      for (const { deliveries } of given) expect(deliveries).toBe(1)
      await expectAllPending(group, ids)
    }
  })

  it('take nothing with them, at whatever moment they go', async () => {
    const { stream, group } = await orders(engine)
    const random = randomNumbers(2)
    let hangUps = 0
    const given: { id: string; deliveries: number }[] = []
    const reader = async (consumer: string) => {
      while (hangUps < 2000) {
        const poller = new Poller(group, { consumer, count: 3, waitMs: 60_000 })
        await Promise.race([poller.answer, sleep(random() * 10)])
        poller.hangUp()
        const entries = await poller.answer
        if (entries === null) hangUps++
        else given.push(...entries)
      }
    }
    const ids: string[] = []
    const producer = async () => {
      while (hangUps < 2000) ids.push(...(await append(stream, 1 + Math.floor(random() * 5))))
    }
    await Promise.all([producer(), ...Array.from({ length: READERS }, (_, i) => reader(`c${i}`))])

    given.push(...(await takeRest(group, ids.length - given.length)))
    expect(given.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    for (const { deliveries } of given) expect(deliveries).toBe(1)
  })

  it('take nothing with them when they are killed', async () => {
    const { url, stream, group } = await orders(engine)
    for (let round = 0; round < 15; round++) {
      const workers = Array.from({ length: READERS }, (_, i) => curl(`${group}/read`, `c${i}`))
      await until(async () => (await readersWaiting(url)) === READERS)
      for (const worker of workers) worker.kill('SIGKILL')
      await Promise.all(workers.map((worker) => once(worker, 'exit')))
      const ids = await append(stream, READERS)
      const rest = await takeRest(group, READERS)
      expect(rest.map(({ id }) => id)).toEqual(ids)
      for (const { deliveries } of rest) expect(deliveries).toBe(1)
      await expectAllPending(group, ids)
    }
  })
})

async function orders(engine: EngineName) {
  const { environment } = await storeForTest(engine)
  const { url } = await weirForTest(environment)
  const stream = `${url}/v1/streams/orders`
  const group = `${stream}/groups/billing`
  await ask('PUT', group, { createStream: true })
  return { url, stream, group }
}

async function append(stream: string, entries: number): Promise<string[]> {
  const body = { entries: Array.from({ length: entries }, () => ({ fields: { item: 'book' } })) }
  return (await ask('POST', `${stream}/entries`, body)).ids
}

/** What a reader gets that comes last: so many entries, each as soon as nobody else has it. */
async function takeRest(group: string, count: number): Promise<{ id: string; deliveries: number }[]> {
  const rest = []
  while (rest.length < count) {
    const read = { consumer: 'last', count: 1000, waitMs: 10_000 }
    const { entries } = await ask('POST', `${group}/read`, read)
    if (entries.length === 0) throw new Error(`${count - rest.length} of ${count} entries wait for a claim`)
    rest.push(...entries)
  }
  return rest
}

/** Expects that these entries are pending and no others, and acks them. */
async function expectAllPending(group: string, ids: string[]): Promise<void> {
  const { pending } = await ask('GET', `${group}/pending?limit=1000`)
  expect(pending.map(({ id }: { id: string }) => id)).toEqual(ids)
  expect(await ask('POST', `${group}/ack`, { ids })).toEqual({ acked: ids.length, notPending: [] })
}

/** A worker that is a process of its own, and waits. */
function curl(url: string, consumer: string): ChildProcess {
  const body = JSON.stringify({ consumer, waitMs: 60_000 })
  return spawn('curl', ['--silent', '--header', 'content-type: application/json', '--data', body, url], {
    stdio: 'ignore'
  })
}

/** Numbers from 0 to 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
