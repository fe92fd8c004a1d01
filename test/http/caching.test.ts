import { describe, expect, it } from 'vitest'
import { NO_LIMITS } from '../../src/http/limits/load.ts'
import { builtPage } from '../support/built-page.ts'
import { Connection } from '../support/connection.ts'
import { makeExampleData } from '../support/example-data.ts'
import { operations } from '../support/openapi-document.ts'
import { serverForTest } from '../support/server.ts'

/** A server with the example data and a page of two files. */
async function serving(options: Parameters<typeof serverForTest>[0] = {}) {
  const directory = await builtPage(2_000_000)
  const server = await serverForTest({ pages: { console: directory, docs: directory }, ...options })
  await makeExampleData(server)
  return server
}

const cacheControlOf = (headers: object) => ({ 'cache-control': undefined, ...headers })['cache-control']

describe('a cache', () => {
  it('may store no answer of any operation', async () => {
    const { app } = await serving()
    const reads = operations.filter(({ method }) => method === 'GET')
    expect(reads.length).toBeGreaterThan(12)
    for (const { operationId, path: url } of reads) {
      // A tail does not end. Its own tests check its head.
      const methods = operationId === 'tailEntries' ? (['HEAD'] as const) : (['GET', 'HEAD'] as const)
      for (const method of methods) {
        const { statusCode, headers } = await app.inject({ method, url })
        expect({ operationId, method, statusCode, cacheControl: cacheControlOf(headers) }).toEqual({
          operationId,
          method,
          statusCode: 200,
          cacheControl: 'no-store'
        })
      }
    }
  })

  it.each([
    ['GET', '/v1/streams/none', 404],
    ['GET', '/v1/streams?limit=0', 400],
    ['GET', '/nothing', 404],
    ['GET', '/%', 400],
    ['GET', '/v1/read', 405],
    ['POST', '/v1/streams', 405],
    ['DELETE', '/v1/streams/none', 404],
    ['POST', '/v1/streams/orders/entries', 400],
    ['GET', '/console/assets/none.js', 404],
    ['GET', '/docs/assets/none.js', 404]
  ] as const)('may store no problem: %s %s', async (method, url, status) => {
    const { app } = await serving()
    const answer = await app.inject({ method, url })
    expect([answer.statusCode, cacheControlOf(answer.headers)]).toEqual([status, 'no-store'])
  })

  it('may store no problem that answers unparsable bytes', async () => {
    const { app } = await serving()
    const connection = new Connection(await app.listen({ host: '127.0.0.1', port: 0 }))
    connection.socket.write('nonsense\r\n\r\n')
    const answer = await connection.answer()
    expect([answer?.status, cacheControlOf(answer?.headers ?? {})]).toEqual([400, 'no-store'])
    connection.socket.destroy()
  })

  it('may store files with a hash in their names, and must revalidate others', async () => {
    const { app } = await serving()
    for (const [url, cacheControl] of [
      ['/console/assets/index-1.js', 'public, max-age=31536000, immutable'],
      ['/console/', 'no-cache'],
      ['/docs/assets/index-1.js', 'public, max-age=31536000, immutable'],
      ['/docs/', 'no-cache']
    ]) {
      const { statusCode, headers } = await app.inject({ url: url ?? '' })
      expect({ url, statusCode, cacheControl: cacheControlOf(headers) }).toEqual({
        url,
        statusCode: 200,
        cacheControl
      })
    }
  })

  it('may store no refusal of a file that it may store', async () => {
    const limits = { ...NO_LIMITS, maxBufferedBytes: 1024 * 1024 }
    const { app } = await serving({ limits })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const unread = new Connection(url)
    unread.socket.pause()
    unread.request('GET', '/console/assets/index-1.js')
    // One large answer is always sent. While nobody reads it, the next one is refused.
    let answer: Awaited<ReturnType<Connection['answer']>> = null
    while (answer?.status !== 429 && answer?.status !== 503) {
      const connection = new Connection(url)
      connection.request('GET', '/console/assets/index-1.js')
      answer = await connection.answer()
      connection.socket.destroy()
    }
    expect(cacheControlOf(answer.headers)).toBe('no-store')
    unread.socket.destroy()
  })
})
