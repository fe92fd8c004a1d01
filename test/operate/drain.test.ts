import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../support/connection.ts'
import { ask, readersWaiting, until } from '../support/http.ts'
import { run, temporaryDirectory, type Weir, weirForTest } from '../support/weir.ts'

const STREAM = '/v1/streams/orders'
const BODY = '{"entries":[{"fields":{"order":"late"}}]}'

function connected(weir: Weir): Connection {
  const connection = new Connection(weir.url)
  onTestFinished(() => {
    connection.socket.destroy()
  })
  return connection
}

/** Sends a part of a request. `finish` sends the rest. */
async function halfAppend(weir: Weir): Promise<{ connection: Connection; finish(): void }> {
  const connection = connected(weir)
  connection.socket.write(
    `POST ${STREAM}/entries HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
      `content-length: ${BODY.length}\r\nexpect: 100-continue\r\n\r\n`
  )
  // The server has begun to read the request.
  expect((await connection.answer())?.status).toBe(100)
  connection.socket.write(BODY.slice(0, 10))
  return { connection, finish: () => connection.socket.write(BODY.slice(10)) }
}

/** A connection that has been used and is kept alive. */
async function idle(weir: Weir): Promise<Connection> {
  const connection = connected(weir)
  connection.request('GET', '/livez')
  await connection.answer()
  return connection
}

describe('Weir on SIGTERM', () => {
  it('refuses new requests, answers those it has accepted, saves everything and exits with 0', async () => {
    const directory = await temporaryDirectory()
    const weir = await weirForTest({ WEIR_DATA_DIR: directory })
    await ask('PUT', `${weir.url}${STREAM}/groups/billing`, { createStream: true })
    const reader = connected(weir)
    reader.request('POST', `${STREAM}/groups/billing/read`, { consumer: 'ann', waitMs: 60_000 })
    await until(async () => (await readersWaiting(weir.url)) === 1)
    const accepted = await halfAppend(weir)
    // Each has sent a part of a request before the signal, so that it is not closed as idle.
    const latecomers = [await idle(weir), await idle(weir)]
    for (const { socket } of latecomers) socket.write('GET ')

    weir.process.kill('SIGTERM')
    const nothing = await reader.answer()
    expect(nothing).toMatchObject({ status: 200, body: { entries: [] }, headers: { connection: 'close' } })
    latecomers[0]?.socket.write(`${STREAM} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
    latecomers[1]?.socket.write('/readyz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    for (const latecomer of latecomers) {
      const answer = await latecomer.answer()
      expect(answer).toMatchObject({
        status: 503,
        body: { code: 'draining' },
        headers: { connection: 'close' }
      })
      expect(answer?.headers['retry-after']).toBe('1')
    }
    accepted.finish()
    const answer = await accepted.connection.answer()
    expect(answer).toMatchObject({ status: 201, headers: { connection: 'close' } })

    expect(await weir.exited).toBe(0)
    const { stdout } = await run(['check', directory])
    expect(stdout).toContain('1 streams with 1 entries, and 1 groups')
    expect(stdout).toContain('A start would read 0 records')
  })

  it('exits at once after a second SIGTERM, and loses no answered append', async () => {
    const directory = await temporaryDirectory()
    const weir = await weirForTest({ WEIR_DATA_DIR: directory })
    const answered: string[] = []
    const append = async () => {
      for (;;) {
        const { ids } = await ask('POST', `${weir.url}${STREAM}/entries`, {
          entries: [{ fields: { n: '1' } }]
        })
        answered.push(...ids)
      }
    }
    const appending = [1, 2, 3, 4].map(() => append().catch(() => undefined))
    await until(async () => answered.length > 100)
    // The rest of this request never arrives: without the second signal, Weir would wait for it.
    await halfAppend(weir)
    weir.process.kill('SIGTERM')
    await until(async () => !weir.process.kill('SIGTERM') || weir.process.exitCode !== null)
    expect(await weir.exited).toBe(1)
    await Promise.all(appending)

    expect((await run(['check', directory])).stdout).toContain('is sound')
    const after = await weirForTest({ WEIR_DATA_DIR: directory })
    const kept = new Set<string>()
    for (let last = '0-0'; ; ) {
      const { entries } = await ask('GET', `${after.url}${STREAM}/entries?limit=1000&after=${last}`)
      if (entries.length === 0) break
      for (const { id } of entries) kept.add(id)
      last = entries.at(-1).id
    }
    expect(answered.filter((id) => !kept.has(id))).toEqual([])
  })
})
