import { expect, it } from 'vitest'
import { formatId } from '../../src/contract/entry-id.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { ask, call, until } from '../support/http.ts'
import { describeOnEngines, storeForTest } from '../support/on-engines.ts'
import { startWeir, temporaryDirectory, type Weir, weirForTest } from '../support/weir.ts'

// A test for each promise of the README, against a server that is started, used and killed as in production.
describeOnEngines('Weir promises', (engine) => {
  it('Answered means kept', async () => {
    const { environment, crash } = await storeForTest(engine)
    const appended = new Map<string, string>()
    const acked = new Set<string>()
    for (let round = 1; round <= 3; round++) {
      const weir = await startWeir(environment)
      const { stream, group } = urls(weir)
      await ask('PUT', group, { createStream: true })
      const work = untilKilled(8, async (worker, i) => {
        const fields = { order: `${round}/${worker}/${i}` }
        const answer = await ask('POST', `${stream}/entries`, { entries: [{ fields }] })
        appended.set(answer.ids[0], fields.order)
        const { entries } = await ask('POST', `${group}/read`, { consumer: `c${worker}` })
        const ids = idsOf(entries)
        if (ids.length === 0) return
        await ask('POST', `${group}/ack`, { ids })
        for (const id of ids) acked.add(id)
      })
      const goal = appended.size + 50 * round
      await until(async () => appended.size >= goal)
      await weir.stop('SIGKILL')
      await work
      await crash()
    }
    const { stream, group } = urls(await weirForTest(environment))
    const kept = new Map((await everyEntry(stream)).map(({ id, fields }) => [id, fields['order']]))
    for (const [id, order] of appended) expect(kept.get(id)).toBe(order)
    const { pending } = await ask('GET', `${group}/pending?limit=1000`)
    expect(idsOf(pending).filter((id) => acked.has(id))).toEqual([])
  })

  it('One owner', async () => {
    const { environment, crash } = await storeForTest(engine)
    const before = await startWeir(environment)
    const { stream, group } = urls(before)
    const entries = Array.from({ length: 500 }, (_, i) => ({ fields: { order: String(i) } }))
    const { ids } = await ask('POST', `${stream}/entries`, { entries })
    await ask('PUT', group, {})
    const owners = new Map<string, string>()
    const consumer = async (name: string) => {
      for (;;) {
        const answer = await ask('POST', `${group}/read`, { consumer: name, count: 7 })
        if (answer.entries.length === 0) return
        for (const id of idsOf(answer.entries)) {
          expect(owners.get(id)).toBeUndefined()
          owners.set(id, name)
        }
      }
    }
    await Promise.all(['ann', 'bob', 'cid', 'dan'].map(consumer))
    expect([...owners.keys()].toSorted()).toEqual(ids.toSorted())
    await ask('POST', `${group}/ack`, { ids: ids.slice(0, 250) })
    await before.stop('SIGKILL')
    await crash()

    const after = urls(await weirForTest(environment))
    const { pending } = await ask('GET', `${after.group}/pending?limit=1000`)
    expect(idsOf(pending)).toEqual(ids.slice(250))
    for (const { id, consumer } of pending) expect(consumer).toBe(owners.get(id))
  })

  it('Nobody reads ahead of the disk', async () => {
    const { environment, crash } = await storeForTest(engine)
    const seen = new Map<string, string>()
    const delivered = new Map<string, string>()
    for (let round = 1; round <= 3; round++) {
      const weir = await startWeir(environment)
      const { stream, group } = urls(weir)
      await ask('PUT', group, { createStream: true })
      const producers = untilKilled(6, async (worker, i) => {
        await ask('POST', `${stream}/entries`, {
          entries: [{ fields: { order: `${round}/${worker}/${i}` } }]
        })
      })
      const readers = untilKilled(2, async () => {
        const { entries } = await ask('GET', `${stream}/entries?after=last&waitMs=1000`)
        for (const { id, fields } of entries) seen.set(id, fields.order)
      })
      const consumers = untilKilled(2, async (worker) => {
        const { entries } = await ask('POST', `${group}/read`, { consumer: `c${worker}`, waitMs: 1000 })
        for (const id of idsOf(entries)) delivered.set(id, `c${worker}`)
      })
      const goal = delivered.size + 50 * round
      await until(async () => delivered.size >= goal)
      await weir.stop('SIGKILL')
      await Promise.all([producers, readers, consumers])
      await crash()
    }
    const { stream, group } = urls(await weirForTest(environment))
    const kept = new Map((await everyEntry(stream)).map(({ id, fields }) => [id, fields['order']]))
    for (const [id, order] of seen) expect(kept.get(id)).toBe(order)
    for (const [id, consumer] of delivered) {
      const { pending } = await ask('GET', `${group}/pending?from=${id}&to=${id}`)
      expect(pending).toMatchObject([{ id, consumer, deliveries: 1 }])
    }
  })

  it('A worker that hangs up takes nothing with it', async () => {
    const { environment } = await storeForTest(engine)
    const { stream, group } = urls(await weirForTest(environment))
    await ask('PUT', group, { createStream: true })
    const waiting = async (count: number) => {
      const { consumers } = await ask('GET', `${group}/consumers`)
      return consumers.length === count
    }
    const hangUp = new AbortController()
    const ann = call('POST', `${group}/read`, { consumer: 'ann', waitMs: 60_000 }, hangUp.signal)
    await until(() => waiting(1))
    const bob = call('POST', `${group}/read`, { consumer: 'bob', waitMs: 60_000 })
    await until(() => waiting(2))
    hangUp.abort()
    await expect(ann).rejects.toThrow()
    const { ids } = await ask('POST', `${stream}/entries`, { entries: [{ fields: { item: 'book' } }] })
    expect((await bob).body.entries).toEqual([{ id: ids[0], fields: { item: 'book' }, deliveries: 1 }])
    expect((await ask('GET', `${group}/pending`)).pending).toMatchObject([{ id: ids[0], consumer: 'bob' }])
  })

  it('No is no', async () => {
    const { environment } = await storeForTest(engine)
    const { stream, group, url } = urls(await weirForTest(environment))
    await ask('POST', `${stream}/entries`, { entries: [{ id: '5-0', fields: { item: 'book' } }] })
    await ask('PUT', group, {})
    await ask('POST', `${group}/read`, { consumer: 'ann' })
    const state = async () => [await ask('GET', `${stream}/full`), await ask('GET', `${url}/v1/streams`)]
    const before = await state()
    const good = { fields: { item: 'pen' } }
    const refused: [string, string, unknown, string][] = [
      ['POST', `${stream}/entries`, { entries: [{ ...good, id: '6-0' }, { fields: {} }] }, 'invalid-request'],
      ['POST', `${stream}/entries`, { entries: [good, { ...good, id: '5-0' }] }, 'id-not-greater'],
      ['POST', `${stream}/entries`, { entries: [good], trim: { maxLength: -1 } }, 'invalid-request'],
      [
        'POST',
        `${url}/v1/streams/bills/entries`,
        { entries: [good], createStream: false },
        'stream-not-found'
      ],
      ['POST', `${stream}/entries/delete`, { ids: ['5-0', '5-'] }, 'invalid-id'],
      ['POST', `${stream}/trim`, { maxLength: 0, minId: '6-0' }, 'invalid-request'],
      ['PATCH', stream, { lastId: '4-0' }, 'id-not-greater'],
      ['POST', `${group}/ack`, { ids: ['5-0', 'x'] }, 'invalid-id'],
      ['POST', `${group}/read`, { consumer: 'bob', count: 1001 }, 'invalid-request'],
      ['POST', `${group}/claim`, { consumer: 'bob', ids: ['5-0'], minIdleMs: -1 }, 'invalid-request'],
      ['DELETE', `${group}/consumers/ann`, undefined, 'consumer-has-pending'],
      ['DELETE', group, undefined, 'group-has-pending'],
      ['DELETE', `${stream}/groups/shipping`, undefined, 'group-not-found']
    ]
    for (const [method, path, body, code] of refused) {
      const answer = await call(method, path, body)
      expect(answer.body).toMatchObject({
        status: answer.status,
        code,
        retryable: false,
        sideEffects: 'none'
      })
      expect(answer.body.detail).not.toBe('')
    }
    expect(await state()).toEqual(before)
  })

  it('Ids only grow', async () => {
    const { environment, crash } = await storeForTest(engine)
    // After an id that is an hour ahead, the clock is behind the last id, as if it had been set back.
    const ahead = Date.now() + 3_600_000
    const ids = [`${ahead}-0`]
    for (let round = 1; round <= 2; round++) {
      const weir = await startWeir(environment)
      const { stream } = urls(weir)
      const entry = { fields: { item: 'book' } }
      const named = round === 1 ? [{ ...entry, id: `${ahead}-0` }] : []
      const answer = await ask('POST', `${stream}/entries`, { entries: [...named, entry] })
      ids.push(answer.ids.at(-1))
      await weir.stop('SIGKILL')
      await crash()
    }
    expect(ids).toEqual([`${ahead}-0`, `${ahead}-1`, `${ahead}-2`])
    // The clock of Redis cannot be set.
    if (engine === 'embedded') await growWhateverTheClockDoes()
  })

  it('One contract', async () => {
    const { environment } = await storeForTest(engine)
    const { stream, group } = urls(await weirForTest(environment))
    const book = { id: '1-0', fields: { item: 'book' } }
    const pen = { id: '2-0', fields: { item: 'pen' } }
    const conversation: [string, string, unknown, number, unknown][] = [
      ['GET', stream, undefined, 404, { code: 'stream-not-found' }],
      ['POST', `${stream}/entries`, { entries: [book, pen] }, 201, { ids: ['1-0', '2-0'] }],
      ['POST', `${stream}/entries`, { entries: [book] }, 409, { code: 'id-not-greater' }],
      ['GET', `${stream}/entries?order=desc`, undefined, 200, { entries: [pen, book] }],
      ['PUT', group, {}, 200, { created: true, name: 'billing', pending: 0, lag: 2 }],
      ['PUT', group, { after: 'last' }, 200, { created: false, lastDeliveredId: '0-0' }],
      [
        'POST',
        `${group}/read`,
        { consumer: 'ann', count: 1 },
        200,
        { entries: [{ ...book, deliveries: 1 }] }
      ],
      [
        'POST',
        `${group}/read`,
        { consumer: 'ann', after: '0' },
        200,
        { entries: [{ ...book, deliveries: 2 }] }
      ],
      ['POST', `${group}/ack`, { ids: ['1-0', '9-0'] }, 200, { acked: 1, notPending: ['9-0'] }],
      [
        'GET',
        group,
        undefined,
        200,
        { consumers: 1, pending: 0, lastDeliveredId: '1-0', entriesRead: 1, lag: 1 }
      ],
      ['POST', `${stream}/trim`, { maxLength: 0 }, 200, { trimmed: 2 }],
      ['GET', stream, undefined, 200, { length: 0, firstId: null, lastId: '2-0', entriesAdded: 2 }],
      ['DELETE', `${group}?pending=drop`, undefined, 200, { deleted: true }],
      ['POST', `${group}/read`, { consumer: 'ann' }, 404, { code: 'group-not-found' }]
    ]
    for (const [method, url, body, status, answer] of conversation) {
      expect(await call(method, url, body)).toMatchObject({ status, body: answer })
    }
  })
})

/** Expects that ids grow although the clock goes back, within a process and across restarts. */
async function growWhateverTheClockDoes(): Promise<void> {
  const directory = await temporaryDirectory()
  const entries = [{ fields: Buffer.from('{"item":"book"}') }]
  const ids: string[] = []
  for (const clocks of [[1000, 1000, 900], [1], [0, 2000, 1999]]) {
    let now = 0
    const engine = await openEmbeddedEngine({
      directory,
      fsync: 'always',
      maxWaiting: 1,
      now: () => now
    })
    for (now of clocks) {
      const [id = 0n] = await engine.appendEntries({ stream: 'orders', entries, createStream: true })
      ids.push(formatId(id))
    }
    await engine.close()
  }
  expect(ids).toEqual(['1000-0', '1000-1', '1000-2', '1000-3', '1000-4', '2000-0', '2000-1'])
}

function urls({ url }: Weir) {
  return { url, stream: `${url}/v1/streams/orders`, group: `${url}/v1/streams/orders/groups/billing` }
}

function idsOf(entries: readonly { id: string }[]): string[] {
  return entries.map(({ id }) => id)
}

/** Lets `workers` workers repeat their work until the server is killed. */
async function untilKilled(
  workers: number,
  work: (worker: number, i: number) => Promise<void>
): Promise<void> {
  const one = async (worker: number) => {
    try {
      for (let i = 0; ; i++) await work(worker, i)
    } catch (error) {
      // fetch throws a TypeError if there is no answer. Anything else is a failure.
      if (!(error instanceof TypeError)) throw error
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => one(worker)))
}

async function everyEntry(stream: string): Promise<{ id: string; fields: Record<string, string> }[]> {
  const all = []
  for (let after = '0-0'; ; ) {
    const { entries } = await ask('GET', `${stream}/entries?after=${after}&limit=1000`)
    if (entries.length === 0) return all
    all.push(...entries)
    after = entries.at(-1).id
  }
}
