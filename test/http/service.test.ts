import { describe, expect, it, vi } from 'vitest'
import document from '../../openapi/openapi.json' with { type: 'json' }
import { PROBLEMS } from '../../src/http/problems/problem.ts'
import { createMetrics } from '../../src/metrics.ts'
import { makeExampleData } from '../support/example-data.ts'
import { IS_ON_REDIS } from '../support/on-redis.ts'
import { serverForTest } from '../support/server.ts'
import { temporaryDirectory } from '../support/weir.ts'

/** Tests of metrics and members that only one of the engines has. */
const itOnDisk = IS_ON_REDIS ? skip : it
const itOnRedis = IS_ON_REDIS ? it : skip

describe('getMetrics', () => {
  it('counts requests by operation and status, refusals by code, and entries', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const { send } = server
    await send('GET', '/v1/streams/bills')
    await send('POST', '/v1/streams/orders/groups/billing/ack', { ids: ['1767225600000-0'] })
    const lines = [
      'weir_request_duration_seconds_count{operation="appendEntries",status="201"} 1',
      'weir_request_duration_seconds_count{operation="getStream",status="404"} 1',
      'weir_refusals_total{code="stream-not-found"} 1',
      'weir_entries_appended_total 2',
      'weir_entries_delivered_total 1',
      'weir_entries_acked_total 1',
      'weir_deliveries_undone_total 0',
      'weir_readers_waiting 0',
      'weir_group_pending{stream="orders",group="billing"} 0',
      'weir_group_lag{stream="orders",group="billing"} 1'
    ]
    // On Redis the first request starts the scan that counts groups.
    const body = await vi.waitFor(async () => {
      const { body } = await send('GET', '/metrics')
      expect(body.split('\n')).toEqual(expect.arrayContaining(lines))
      return body
    }, 20_000)
    expect(body).toMatch(/^process_resident_memory_bytes \d/m)
  })

  it('shows every code with 0 refusals, so that an alert sees the first one', async () => {
    const { send } = await serverForTest()
    const { body } = await send('GET', '/metrics')
    const codes = [...body.matchAll(/^weir_refusals_total\{code="([\w-]+)"\} 0$/gm)].map(([, code]) => code)
    expect(codes).toEqual(Object.keys(PROBLEMS))
  })

  it('counts durations of requests in cumulative buckets', async () => {
    const { send, metrics } = await serverForTest()
    for (const seconds of [0.002, 0.0025, 0.02, 61])
      metrics.answered({ operation: 'ackEntries', status: 200, seconds })
    const { body } = await send('GET', '/metrics')
    const labels = 'operation="ackEntries",status="200"'
    for (const [bound, count] of Object.entries({
      '0.001': 0,
      '0.0025': 2,
      '0.025': 3,
      '60': 3,
      '+Inf': 4
    })) {
      expect(body).toContain(`weir_request_duration_seconds_bucket{${labels},le="${bound}"} ${count}\n`)
    }
    expect(body).toContain(`weir_request_duration_seconds_count{${labels}} 4\n`)
  })

  it('shows the duration and size of journal flushes', async () => {
    const { send, metrics } = await serverForTest()
    metrics.flushed({ seconds: 0.002, bytes: 5000 })
    const { body } = await send('GET', '/metrics')
    expect(body).toContain('weir_journal_flush_seconds_bucket{le="0.0025"} 1\n')
    expect(body).toContain('weir_journal_flush_bytes_sum 5000\n')
  })

  itOnRedis('shows whether its servers are up', async () => {
    const { send } = await serverForTest()
    const { body } = await send('GET', '/metrics')
    expect(body).toMatch(/^weir_server_up\{address="redis:\/\/127.0.0.1:\d+"\} 1$/m)
    expect(body).toMatch(/^weir_server_reconnects\{address="redis:\/\/127.0.0.1:\d+"\} 0$/m)
  })

  itOnDisk('shows checkpoints and the size of the storage', async () => {
    const { send, metrics } = await serverForTest()
    metrics.checkpointed({ seconds: 0.02, sliceSeconds: [0.0004, 0.003] })
    metrics.checkpointed({ seconds: 0.02, sliceSeconds: [], error: new Error('The disk is full') })
    const { body } = await send('GET', '/metrics')
    expect(body).toContain('weir_checkpoint_seconds_count 1\n')
    expect(body).toContain('weir_checkpoint_slice_seconds_bucket{le="0.0005"} 1\n')
    expect(body).toContain('weir_checkpoint_failures_total 1\n')
    expect(body).toMatch(/^weir_storage_bytes [1-9]/m)
    expect(body).toMatch(/^weir_journal_bytes \d/m)
    expect(body).toMatch(/^weir_memory_blocks_bytes \d/m)
  })

  itOnDisk('shows the idle time of the oldest pending entry of each group', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const oldest = async () =>
      /^weir_group_oldest_pending_seconds\{stream="orders",group="billing"\} (.*)$/m.exec(
        (await server.send('GET', '/metrics')).body
      )?.[1]
    expect(await oldest()).toBe('4.2')
    await server.send('POST', '/v1/streams/orders/groups/billing/ack', { ids: ['1767225600000-0'] })
    expect(await oldest()).toBe('0')
  })

  itOnDisk('shows no more groups than configured', async () => {
    const { send, engine } = await serverForTest({ metrics: createMetrics({ maxGroups: 2 }) })
    for (const group of ['a', 'b', 'c']) {
      await engine.ensureGroup({ stream: 'orders', group, after: 0n, createStream: true, onlyNew: false })
    }
    const { body } = await send('GET', '/metrics')
    for (const name of ['pending', 'lag', 'oldest_pending_seconds']) {
      expect(body.match(new RegExp(`^weir_group_${name}\\{`, 'gm'))).toHaveLength(2)
    }
    expect(body).toContain('weir_groups 3\n')
  })

  it('shows whether the server is ready', async () => {
    const { send, engine } = await serverForTest()
    expect((await send('GET', '/metrics')).body).toContain('weir_ready 1\n')
    engine.drain()
    expect((await send('GET', '/metrics')).body).toContain('weir_ready 0\n')
  })

  it('drops groups that no longer exist', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    await server.send('GET', '/metrics')
    await server.send('DELETE', '/v1/streams/orders')
    expect((await server.send('GET', '/metrics')).body).not.toContain('weir_group_pending{')
  })
})

describe('getReadiness', () => {
  itOnRedis('lists its servers', async () => {
    const { send } = await serverForTest()
    const { body } = await send('GET', '/readyz')
    expect(body.servers).toEqual([
      {
        address: expect.stringMatching(/^redis:\/\/127.0.0.1:\d+$/),
        server: expect.stringMatching(/^(Redis|Valkey) \d/),
        isReady: true,
        reconnects: 0
      }
    ])
  })

  itOnDisk('shows the size of the storage and its checkpoints', async () => {
    const server = await serverForTest()
    await makeExampleData(server)
    const { body } = await server.send('GET', '/readyz')
    expect(body.storage).toMatchObject({ checkpointAt: null, checkpointSeconds: null })
    expect(body.storage.diskBytes).toBeGreaterThan(body.storage.journalBytes)
    expect(body.storage.journalBytes).toBeGreaterThan(0)
  })

  it('is refused with the reason if the engine is not ready', async () => {
    const { send, engine } = await serverForTest()
    expect((await send('GET', '/readyz')).body).toMatchObject({ ready: true })
    engine.drain()
    const { status, body } = await send('GET', '/readyz')
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: 'engine-unavailable', detail: (await engine.status()).reason })
  })
})

describe('getOpenApi', () => {
  it('returns the committed document, except for its address', async () => {
    const { send } = await serverForTest()
    const { servers, ...served } = (await send('GET', '/openapi.json')).body
    const { servers: example, ...committed } = document
    expect(served).toEqual(committed)
    expect(example.map(({ url }) => url)).toEqual(['http://127.0.0.1:7070'])
    expect(servers).toHaveLength(1)
  })

  it('contains an address that leads to the server, whatever the path prefix', async () => {
    const { app } = await serverForTest()
    const [{ url: address }] = (await app.inject({ url: '/openapi.json' })).json().servers
    for (const root of [
      'http://127.0.0.1:7171/',
      'https://weir.example/',
      'https://example.com/some/weir/'
    ]) {
      expect(new URL(address, `${root}openapi.json`).href).toBe(root)
    }
  })

  it('contains the configured limits of the server', async () => {
    const { send } = await serverForTest({ maxWaitMs: 1000 })
    const { components } = (await send('GET', '/openapi.json')).body
    expect(components.schemas.ReadGroupRequest.properties.waitMs.maximum).toBe(1000)
  })

  it('does not contain its own pages', async () => {
    const directory = await temporaryDirectory()
    const { send } = await serverForTest({ pages: { console: directory, docs: directory } })
    const paths = Object.keys((await send('GET', '/openapi.json')).body.paths)
    expect(paths.filter((path) => /^\/(docs|console)/.test(path))).toEqual([])
  })
})

describe('a page', () => {
  it.each([
    ['/docs', '/docs/'],
    ['/docs?deep=link', '/docs/'],
    ['/console', '/console/']
  ])('is reached by a redirect below any path prefix: %s', async (url, page) => {
    const directory = await temporaryDirectory()
    const { app } = await serverForTest({ pages: { console: directory, docs: directory } })
    const { statusCode, headers } = await app.inject({ url })
    expect(statusCode).toBe(308)
    for (const root of ['http://127.0.0.1:7070', 'https://example.com/some/weir']) {
      expect(new URL(String(headers.location), root + url).href).toBe(root + page)
    }
  })
})

describe('request ids', () => {
  it('are taken from the request if they are valid', async () => {
    const { send } = await serverForTest()
    const answer = await send('GET', '/livez', undefined, { 'x-request-id': 'trace-00:1f/2=' })
    expect(answer.headers['x-request-id']).toBe('trace-00:1f/2=')
  })

  it.each(['', 'two words', 'x'.repeat(129), 'ünsound'])(
    'are generated if they are not valid: %s',
    async (sent) => {
      const { send } = await serverForTest()
      const answer = await send('GET', '/livez', undefined, { 'x-request-id': sent })
      expect(answer.headers['x-request-id']).toMatch(/^[\w-]{8}-\w+$/)
    }
  )

  it('are in the answers to refused requests, too', async () => {
    const { send } = await serverForTest()
    const { headers, body } = await send('GET', '/v1/streams/orders', undefined, { 'x-request-id': 'mine' })
    expect(headers['x-request-id']).toBe('mine')
    expect(body.requestId).toBe('mine')
  })
})

function skip(): void {}
