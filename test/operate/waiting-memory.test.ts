import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { ask, readersWaiting } from '../support/http.ts'
import { rssAnonBytes } from '../support/memory.ts'
import { weirForTest } from '../support/weir.ts'

const MIB = 1024 * 1024

// Only Linux shows a process' own memory.
describe.skipIf(process.platform !== 'linux')('readers that wait at many streams each', () => {
  it('take no more memory than the places that they may wait at', async () => {
    const streams = 1000
    const readers = 300
    const allowed = 10
    const weir = await weirForTest({ WEIR_MAX_WAITING_PLACES: `${allowed * streams}` })
    const places = Array.from({ length: streams }, (_, index) => ({
      stream: `orders-${index}`,
      after: 'last'
    }))
    for (const { stream } of places) await ask('PUT', `${weir.url}/v1/streams/${stream}`)
    const before = rssAnonBytes(weir)

    const connections = Array.from({ length: readers }, () => {
      const connection = new Connection(weir.url)
      connection.request('POST', '/v1/read', { streams: places, waitMs: 60_000 })
      return connection
    })
    onTestFinished(() => {
      for (const { socket } of connections) socket.destroy()
    })
    const refused: unknown[] = []
    for (const connection of connections) {
      connection.answer().then(
        (answer) => refused.push(answer?.body.code),
        () => {}
      )
    }
    await expect.poll(() => refused.length).toBe(readers - allowed)
    expect(new Set(refused)).toEqual(new Set(['too-many-waiting']))
    expect(await readersWaiting(weir.url)).toBe(allowed)
    // All of them would take 70 MiB. What it takes to refuse them is garbage that stays for a while.
    expect(rssAnonBytes(weir) - before).toBeLessThan(48 * MIB)
  })
})
