import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FindByte, flipBits, inFields, inIds, inSummaries } from '../support/flip-bits.ts'
import { ask, call } from '../support/http.ts'
import { startWeir, temporaryDirectory, weirForTest } from '../support/weir.ts'

const ORDERS = '/v1/streams/orders'
const entriesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ fields: { n: `${n}`.padStart(5, '0') } }))

/** A directory with 500 entries in four blocks of its store. */
async function dataDirectory(): Promise<string> {
  const directory = await temporaryDirectory()
  const weir = await startWeir({ WEIR_DATA_DIR: directory })
  await ask('POST', `${weir.url}${ORDERS}/entries`, { entries: entriesOf(500) })
  await weir.stop()
  return directory
}

describe('a flipped bit in the store', () => {
  it.each<[string, FindByte[]]>([
    ['the fields', [inFields]],
    ['the ids', [inIds]],
    ['the ids and both summaries', [inIds, ...inSummaries]]
  ])(
    'in %s of a block makes reads of the block fail, but no append, trim or start',
    async (_what, targets) => {
      const directory = await dataDirectory()
      await flipBits(directory, 1, ...targets)
      const weir = await weirForTest({ WEIR_DATA_DIR: directory })
      const orders = `${weir.url}${ORDERS}`
      const read = await call('GET', `${orders}/entries?limit=500`)
      expect(read).toMatchObject({
        status: 500,
        body: { code: 'entry-damaged', retryable: false, sideEffects: 'none' }
      })
      expect(read.body.detail).toMatch(
        /^Entries from \d+-\d+ to \d+-\d+ of stream "orders" are damaged on disk$/
      )
      for (const maxLength of [400, 300, 200]) {
        const { ids } = await ask('POST', `${orders}/entries`, { entries: entriesOf(1), trim: { maxLength } })
        const { length, lastId } = await ask('GET', orders)
        expect(lastId).toBe(ids[0])
        expect(length - maxLength).toBeGreaterThanOrEqual(0)
        expect(length - maxLength).toBeLessThanOrEqual(128)
      }
      const kept = await ask('GET', `${orders}/entries?limit=500`)
      const after = await ask('GET', orders)
      expect([after.length, after.firstId]).toEqual([200, kept.entries[0].id])
      expect(await call('GET', `${weir.url}/readyz`)).toMatchObject({ status: 200, body: { ready: true } })
      expect(await weir.stop('SIGTERM')).toBe(0)
      const again = await weirForTest({ WEIR_DATA_DIR: directory })
      expect(await ask('GET', `${again.url}${ORDERS}/entries?limit=500`)).toEqual(kept)
      await again.stop('SIGKILL')
      const last = await weirForTest({ WEIR_DATA_DIR: directory })
      expect(await ask('GET', `${last.url}${ORDERS}`)).toEqual(after)
    }
  )
})

describe('a change that fails halfway', () => {
  it.each([false, true])(
    'ends the process without a checkpoint (SIGTERM meanwhile: %s)',
    async (isStopped) => {
      const directory = await dataDirectory()
      const failing = join(await temporaryDirectory(), 'failing')
      const weir = await startWeir({
        WEIR_DATA_DIR: directory,
        NODE_OPTIONS: `--import ${new URL('../support/failing-apply.js', import.meta.url).href}`,
        FAILING_APPLY: failing
      })
      const orders = `${weir.url}${ORDERS}`
      const { ids } = await ask('POST', `${orders}/entries`, { entries: entriesOf(1) })
      const before = await readFile(join(directory, 'store.mdb'))
      await writeFile(failing, '')
      const request = { entries: entriesOf(1), trim: { maxLength: 100 } }
      const answer = await call('POST', `${orders}/entries`, request)
      if (isStopped) weir.process.kill('SIGTERM')
      expect(answer).toMatchObject({
        status: 504,
        body: { code: 'outcome-unknown', sideEffects: 'possible' }
      })
      const next = await call('GET', orders).catch(() => ({ status: 503 }))
      expect(next.status).toBe(503)
      expect(await weir.exited).toBe(1)
      expect(weir.log.find(({ msg }) => msg === 'storage failed')).toMatchObject({
        err: { message: expect.stringContaining('A change was started but not finished: broken off') }
      })
      expect(before.equals(await readFile(join(directory, 'store.mdb')))).toBe(true)
      const after = await weirForTest({ WEIR_DATA_DIR: directory })
      const { length, lastId } = await ask('GET', `${after.url}${ORDERS}`)
      expect([length, lastId]).toEqual([501, ids[0]])
    }
  )
})
