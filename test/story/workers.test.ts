import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ask, until } from '../support/http.ts'
import { killWhileHolding, logLines, start, workOf } from '../support/story.ts'
import { startWeir, temporaryDirectory } from '../support/weir.ts'

it('workers process every line although one of them is killed once and the server twice', async () => {
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
  const final = await until(async () => {
    const info = await ask('GET', group)
    return info.lag === 0 && info.pending === 0 && info
  })
  expect(final).toMatchObject({
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
  // The others claimed the entries that ann held when she was killed, and saw that they were not new.
  const claimed = [...(work.get('bob') ?? []), ...(work.get('cid') ?? [])].filter(({ id }) =>
    held.includes(id)
  )
  expect(new Set(claimed.map(({ id }) => id))).toEqual(new Set(held))
  for (const { deliveries } of claimed) expect(deliveries).toBeGreaterThan(1)
})
