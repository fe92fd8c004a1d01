import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_LIMITS } from '../../src/http/limits/load.ts'
import { beginDrain } from '../../src/http/server.ts'
import { until } from '../support/http.ts'
import { serverForTest, type TestServer } from '../support/server.ts'
import { tokensFor } from '../support/tokens.ts'

const STREAM = '/v1/streams/orders'
const ENTRIES = `${STREAM}/entries`
const TAIL = `${STREAM}/tail`
const MIB = 1024 * 1024
const fields = { order: '1001' }

describe('tailEntries', () => {
  it('sends the existing entries, and then appended ones', async () => {
    const server = await listening()
    await append(server, '1-0', '2-0')
    const tail = await open(server)
    expect(await tail.events(2)).toEqual([event('1-0'), event('2-0')])
    await append(server, '3-0')
    expect(await tail.events(1)).toEqual([event('3-0')])
  })

  it('sets its content type, and headers that keep caches and proxies from buffering it', async () => {
    const server = await listening()
    const { answer } = await open(server, '?after=last', { 'x-request-id': 'mine' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': 'mine'
    })
  })

  it('sends only later entries with after=last, also after several comments', async () => {
    const server = await listening({ tailCommentMs: 1 })
    await append(server, '1-0')
    const tail = await open(server, '?after=last')
    await tail.text(/:\n\n:\n\n/)
    await append(server, '2-0')
    expect(await tail.events(1)).toEqual([event('2-0')])
  })

  it('sends the id where it begins with after=last, so that a client that is cut off misses no entry', async () => {
    const server = await listening()
    await append(server, '1-0')
    const tail = await open(server, '?after=last')
    const [, start = ''] = await tail.text(/^id: (.*)\n\n/)
    expect(start).toBe('1-0')
    tail.answer.destroy()
    await append(server, '2-0')
    const again = await open(server, '?after=last', { 'last-event-id': start })
    expect(await again.events(1)).toEqual([event('2-0')])
  })

  it('continues after Last-Event-ID, which overrides the query', async () => {
    const server = await listening()
    await append(server, '1-0', '1-1', '2-0')
    for (const query of ['', '?after=last', '?from=2']) {
      const tail = await open(server, query, { 'last-event-id': '1-0' })
      expect(await tail.events(2)).toEqual([event('1-1'), event('2-0')])
    }
  })

  it.each([
    ['?lastEventId=1-0', {}],
    ['?&lastEventId=1-0', {}],
    ['?after=last&lastEventId=1-0', {}],
    ['?from=2-0&lastEventId=1-0', { 'last-event-id': '' }],
    // The browser's header is newer than the id in the URL, which the page began with.
    ['?lastEventId=0-1', { 'last-event-id': '1-0' }]
  ])('continues after the id that a polyfill sends: %s %j', async (query, headers) => {
    const server = await listening()
    await append(server, '1-0', '1-1', '2-0')
    const tail = await open(server, query, headers)
    expect(await tail.events(2)).toEqual([event('1-1'), event('2-0')])
  })

  it.each([
    ['?lastEventId=', {}],
    ['', { 'last-event-id': '' }],
    ['?after=0-0&lastEventId=', { 'last-event-id': '' }]
  ])('ignores an empty id: %s %j', async (query, headers) => {
    const server = await listening()
    await append(server, '1-0', '2-0')
    const tail = await open(server, query, headers)
    expect(await tail.events(2)).toEqual([event('1-0'), event('2-0')])
  })

  it.each([
    ['?lastEventId=x', {}, 'invalid-id', '/query/lastEventId'],
    ['?lastEventId=1-0&lastEventId=2-0', {}, 'invalid-request', '/query/lastEventId'],
    ['?lastEventId=1-0', { 'last-event-id': 'x' }, 'invalid-id', '/headers/last-event-id']
  ])('is refused with an invalid id: %s %j', async (query, headers, code, pointer) => {
    const { send } = await listening()
    const { status, body } = await send('GET', `${TAIL}${query}`, undefined, headers)
    expect({ status, code: body.code }).toEqual({ status: 400, code })
    expect(body.errors).toMatchObject([{ pointer }])
  })

  it('sends any characters of an entry as one line of data', async () => {
    const server = await listening()
    const strange = { 'a\nb': 'c\r\nd\u2028', 'ключ: ': '🧾' }
    await server.send('POST', ENTRIES, { entries: [{ id: '1-0', fields: strange }] })
    const tail = await open(server)
    expect(await tail.events(1)).toEqual([{ id: '1-0', data: { id: '1-0', fields: strange } }])
  })

  it('sends a comment after every tailCommentMs without an entry', async () => {
    const server = await listening({ tailCommentMs: 20 })
    const tail = await open(server)
    await tail.text(/^:\n\n:\n\n/)
  })

  it('counts as a waiting reader until its client disconnects', async () => {
    const server = await listening()
    const { answer } = await open(server)
    await until(async () => (await server.engine.status()).waiting === 1)
    answer.destroy()
    await until(async () => (await server.engine.status()).waiting === 0)
  })

  const GENERATED = 'application/json, text/event-stream, application/problem+json'
  const TYPES = [
    'application/json',
    '*/*',
    'text/event-stream',
    'text/html, text/event-stream;q=0.9',
    GENERATED
  ]

  it.each(TYPES)(
    'returns an event stream, and listEntries JSON, if the client accepts %s',
    async (accept) => {
      const server = await listening()
      await append(server, '1-0')
      const tail = await open(server, '', { accept })
      expect(await tail.events(1)).toEqual([event('1-0')])
      const { status, headers, body } = await server.send('GET', ENTRIES, undefined, { accept })
      expect({ status, type: headers['content-type'] }).toEqual({
        status: 200,
        type: 'application/json; charset=utf-8'
      })
      expect(body.entries).toEqual([{ id: '1-0', fields }])
    }
  )

  it('answers HEAD without events', async () => {
    const { url, engine } = await listening()
    const { status, headers } = await fetch(`${url}${TAIL}`, { method: 'HEAD' })
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect((await fetch(`${url}/v1/streams/bills/tail`, { method: 'HEAD' })).status).toBe(404)
    expect((await engine.status()).waiting).toBe(0)
  })
})

describe('a tail that cannot begin', () => {
  it('is answered with a problem', async () => {
    const { send } = await serverForTest()
    for (const query of ['', '?after=last', '?after=5-0']) {
      const { status, body } = await send('GET', `${TAIL}${query}`)
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'stream-not-found' })
    }
  })

  it.each(['to=5', 'before=5', 'order=desc', 'order=asc', 'waitMs=1'])(
    'is refused with ?%s',
    async (query) => {
      const { send } = await listening()
      const { status, body } = await send('GET', `${TAIL}?${query}`)
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid-request' })
      expect(body.errors).toMatchObject([{ pointer: `/query/${query.split('=')[0]}` }])
    }
  )

  it('is refused with both from and after', async () => {
    const { send } = await listening()
    const { body } = await send('GET', `${TAIL}?from=1-0&after=1-0`)
    expect(body.errors).toMatchObject([{ pointer: '/query/from' }, { pointer: '/query/after' }])
  })

  it('is refused when the maximum number of readers waits', async () => {
    const server = await listening({ maxWaiting: 1 })
    await open(server)
    await until(async () => (await server.engine.status()).waiting === 1)
    const { status, body } = await server.send('GET', TAIL)
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'too-many-waiting' })
  })
})

describe('a tail that has begun', () => {
  it('ends with a problem when its stream is deleted, and is measured', async () => {
    const server = await listening()
    const tail = await open(server)
    await until(async () => (await server.engine.status()).waiting === 1)
    await server.send('DELETE', STREAM)
    const [, problem = ''] = await tail.text(/event: problem\ndata: (.*)\n\n/)
    expect(JSON.parse(problem)).toMatchObject({ code: 'stream-not-found', status: 404 })
    await tail.ended
    const line = /^weir_request_duration_seconds_count{operation="tailEntries",status="200"} 1$/m
    await until(async () => line.test(await server.metrics.text()))
  })

  it('ends when the server drains', async () => {
    const server = await listening()
    const tail = await open(server)
    await until(async () => (await server.engine.status()).waiting === 1)
    beginDrain(server.app)
    await tail.ended
    await server.app.close()
  })

  it('reads no more of the stream than its client does', async () => {
    const { server, reads } = await stalled()
    const before = reads()
    await append(server, '100-0')
    expect(reads()).toBe(before)
  })

  it('continues where it was when its client resumes reading', async () => {
    const { tail } = await stalled()
    tail.answer.resume()
    const ids = (await tail.events(LARGE)).map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: LARGE }, (_, i) => `${i + 1}-0`))
  })

  it('is closed when its client reads nothing for answerMs', async () => {
    const { server } = await stalled({ timeouts: { answerMs: 400 } })
    const connections = () =>
      new Promise<number>((resolve) => {
        server.app.server.getConnections((_, count) => resolve(count))
      })
    await until(async () => (await connections()) === 0)
    await until(async () => (await server.engine.status()).waiting === 0)
  })

  it('counts as a waiting reader of its token while its client does not read', async () => {
    const { access, headers } = tokensFor({ ann: ['admin'], bob: ['admin'] })
    const limits = { ...NO_LIMITS, maxWaitingPerToken: 1 }
    const { server } = await stalled({ access, limits }, headers('ann'))
    const read = (name: string) =>
      server.send('GET', `${ENTRIES}?waitMs=1&after=last`, undefined, headers(name))
    expect(await read('ann')).toMatchObject({ status: 429, body: { code: 'too-many-waiting' } })
    expect(await read('bob')).toMatchObject({ status: 200 })
  })

  it('does not delay a draining server when its client does not read', async () => {
    const { server } = await stalled()
    beginDrain(server.app)
    await server.app.close()
  })
})

type Listening = TestServer & { readonly url: string }

/** A listening server with a stream. */
async function listening(
  options: Parameters<typeof serverForTest>[0] = {},
  headers: Record<string, string> = {}
): Promise<Listening> {
  const server = await serverForTest(options)
  await server.send('PUT', STREAM, undefined, headers)
  return { ...server, url: await server.app.listen({ host: '127.0.0.1', port: 0 }) }
}

async function append({ send }: TestServer, ...ids: string[]): Promise<void> {
  expect((await send('POST', ENTRIES, { entries: ids.map((id) => ({ id, fields })) })).status).toBe(201)
}

/** A number of entries of 1 MiB that exceeds any kernel's buffers. */
const LARGE = 32

/** A tail of large entries whose client has stopped reading. `reads` counts how often the server has read its stream. */
async function stalled(
  options: Parameters<typeof serverForTest>[0] = {},
  headers: Record<string, string> = {}
) {
  const server = await listening(options, headers)
  for (let id = 1; id <= LARGE; id++) {
    const entries = [{ id: `${id}-0`, fields: { large: 'x'.repeat(MIB) } }]
    await server.send('POST', ENTRIES, { entries }, headers)
  }
  let reads = 0
  const { engine } = server
  const listEntries = engine.listEntries.bind(engine)
  engine.listEntries = (request, signal) => {
    reads++
    return listEntries(request, signal)
  }
  const tail = await open(server, '?limit=1', headers)
  tail.answer.pause()
  // Waits until the buffers on both sides are full: then the server no longer reads.
  let before = 0
  await until(async () => {
    const isFull = reads === before
    before = reads
    await new Promise((resolve) => setTimeout(resolve, 100))
    return isFull && reads > 0
  })
  expect(reads).toBeLessThan(LARGE)
  return { server, tail, reads: () => reads }
}

interface Event {
  readonly id: string
  readonly data: unknown
}

function event(id: string): Event {
  return { id, data: { id, fields } }
}

interface OpenTail {
  readonly answer: IncomingMessage
  /** Resolves when the server has ended the answer. */
  readonly ended: Promise<unknown>
  /** The next `count` events. */
  events(count: number): Promise<Event[]>
  /** Resolves when the received text after the last returned event matches. */
  text(pattern: RegExp): Promise<RegExpExecArray>
}

/** Opens a tail and waits for the head of its answer. */
async function open({ url }: Listening, query = '', headers: Record<string, string> = {}): Promise<OpenTail> {
  const tailing = request(`${url}${TAIL}${query}`, { headers })
  onTestFinished(() => {
    tailing.destroy()
  })
  const [answer] = (await once(tailing.end(), 'response')) as [IncomingMessage]
  let received = ''
  answer.setEncoding('utf8').on('data', (text) => {
    received += text
  })
  const ended = new Promise((resolve) => answer.on('end', resolve))
  return {
    answer,
    ended,
    text: (pattern) => until(async () => pattern.exec(received) ?? undefined),
    async events(count) {
      const found: Event[] = []
      await until(async () => {
        for (;;) {
          const [all = '', id = '', data = ''] =
            /^(?:id: .*\n\n)?(?::\n\n)*id: (.*)\ndata: ([^\n]*)\n\n/.exec(received) ?? []
          if (all === '' || found.length === count) return found.length === count
          received = received.slice(all.length)
          found.push({ id, data: JSON.parse(data) })
        }
      })
      return found
    }
  }
}
