import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LanguageName } from '../../openapi/sdk/languages.ts'
import { blockOf, CHOSEN } from './chosen.ts'
import { cutAfter } from './faults.ts'
import { openProxy } from './faulty-proxy.ts'
import { WorkerProcess } from './worker-process.ts'
import { order, Workplace, weirForTests } from './workplace.ts'

/** When the proxy closes a request that was not answered, as many proxies do. */
const CUT_MS = 30_000

const weir = weirForTests()
const started = new Map<LanguageName, { place: Workplace; worker: WorkerProcess }>()
const ends: (() => void)[] = []

// All of them wait at once.
beforeAll(async () => {
  for (const language of CHOSEN) {
    const { proxy, close } = await openProxy(() => weir().port)
    const place = new Workplace(weir().url, proxy, `orders-${language}`)
    const worker = new WorkerProcess(language, { ...place.settings, WAIT_MS: '60000' })
    // It first reads what is pending, which takes no time. So it is the poll that is cut.
    proxy.after('readGroup', 1, cutAfter(CUT_MS))
    started.set(language, { place, worker })
    ends.push(() => worker.signal('SIGKILL'), close)
  }
})

afterAll(() => {
  for (const end of ends) end()
})

describe.each(CHOSEN.map((language) => ({ language, block: blockOf(language) })))(
  '$block',
  ({ language }) => {
    it('polls for 60 seconds behind a proxy that closes requests after 30 seconds, and loses nothing', async () => {
      const { place, worker } = started.get(language) ?? {}
      if (place === undefined || worker === undefined) throw new Error('It was not started')
      await worker.until(async () => place.proxy.left === 0 && worker.log.length > 0)
      const ids = await place.append(order(1))
      await worker.processed(1)
      expect(worker.ids).toEqual(ids)
      expect(worker.log).toHaveLength(1)
      expect(place.proxy.of('readGroup').every(({ body }) => body.waitMs === 60_000)).toBe(true)
    })
  }
)
