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
  it('leave every entry to the remaining readers', async () => {
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
      const received = [...answers.flatMap((entries) => entries ?? []), ...rest]
      expect(received.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      for (const { deliveries } of received) expect(deliveries).toBe(1)
      await expectAllPending(group, ids)
    }
  })

  it('take no entry with them at any moment', async () => {
    const { stream, group } = await orders(engine)
    const random = randomNumbers(2)
    let hangUps = 0
    const received: { id: string; deliveries: number }[] = []
    const reader = async (consumer: string) => {
      while (hangUps < 2000) {
        const poller = new Poller(group, { consumer, count: 3, waitMs: 60_000 })
        await Promise.race([poller.answer, sleep(random() * 10)])
        poller.hangUp()
        const entries = await poller.answer
        if (entries === null) hangUps++
        else received.push(...entries)
      }
    }
    const ids: string[] = []
    const producer = async () => {
      while (hangUps < 2000) ids.push(...(await append(stream, 1 + Math.floor(random() * 5))))
    }
    await Promise.all([producer(), ...Array.from({ length: READERS }, (_, i) => reader(`c${i}`))])

    received.push(...(await takeRest(group, ids.length - received.length)))
    expect(received.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    for (const { deliveries } of received) expect(deliveries).toBe(1)
  })

  it('take no entry with them when they are killed', async () => {
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

/** Reads `count` entries as the last consumer, each as soon as it was returned. */
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

/** Expects that exactly these entries are pending, and acks them. */
async function expectAllPending(group: string, ids: string[]): Promise<void> {
  const { pending } = await ask('GET', `${group}/pending?limit=1000`)
  expect(pending.map(({ id }: { id: string }) => id)).toEqual(ids)
  expect(await ask('POST', `${group}/ack`, { ids })).toEqual({ acked: ids.length, notPending: [] })
}

/** A waiting worker in its own process. */
function curl(url: string, consumer: string): ChildProcess {
  const body = JSON.stringify({ consumer, waitMs: 60_000 })
  return spawn('curl', ['--silent', '--header', 'content-type: application/json', '--data', body, url], {
    stdio: 'ignore'
  })
}

/** Random numbers from 0 to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
