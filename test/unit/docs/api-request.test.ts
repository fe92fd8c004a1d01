import { describe, expect, it } from 'vitest'
import type { Operation } from '../../../src/docs/openapi/operations.ts'
import { routeOf } from '../../../src/docs/routes.ts'
import { buildRequest, exampleInput, faultOf } from '../../../src/docs/try/api-request.ts'

const READ: Operation = {
  id: 'read',
  method: 'POST',
  path: '/v1/streams/{stream}/groups/{group}/read',
  tag: 'groups',
  summary: '',
  description: '',
  scope: 'consume',
  takesToken: true,
  parameters: [
    { in: 'path', name: 'stream', required: true, example: 'orders' },
    { in: 'path', name: 'group', required: true, schema: { type: 'string', example: 'billing' } },
    { in: 'query', name: 'waitMs' },
    { in: 'header', name: 'Last-Event-ID', example: '1-0' }
  ],
  body: { isRequired: true, media: { example: { consumer: 'ann', waitMs: 30_000 } } },
  successes: [{ status: '200', description: '', type: 'application/json', media: undefined }],
  problems: { own: [], common: [] }
}
const DOCUMENT = { openapi: '3.0.3', info: { title: 'T', version: '1' }, paths: {} }
const EXAMPLE = exampleInput(DOCUMENT, READ)
const ROOT = 'https://example.com/weir/'

describe('a request', () => {
  it('has the examples of what is required at first', () => {
    expect(buildRequest(READ, EXAMPLE, ROOT, false)).toEqual({
      method: 'POST',
      url: 'https://example.com/weir/v1/streams/orders/groups/billing/read',
      headers: [['content-type', 'application/json']],
      body: '{\n  "consumer": "ann",\n  "waitMs": 30000\n}',
      hasToken: false,
      answer: 'json',
      waitMs: 30_000
    })
  })

  it('has encoded names, and optional parameters with a value', () => {
    const values = {
      'path:stream': "a/b'?é",
      'path:group': '$&',
      'query:waitMs': '1000',
      'header:Last-Event-ID': ' 5-0 '
    }
    const { url, headers, body, waitMs } = buildRequest(READ, { values, body: ' ' }, ROOT, true)
    expect(url).toBe('https://example.com/weir/v1/streams/a%2Fb%27%3F%C3%A9/groups/%24%26/read?waitMs=1000')
    expect(headers).toEqual([['last-event-id', '5-0']])
    expect({ body, waitMs }).toEqual({ body: undefined, waitMs: 1000 })
  })

  it('has a token only if the operation takes one', () => {
    expect(buildRequest(READ, EXAMPLE, ROOT, true).hasToken).toBe(true)
    expect(buildRequest({ ...READ, takesToken: false }, EXAMPLE, ROOT, true).hasToken).toBe(false)
  })

  it.each([
    ['', {}, EXAMPLE.body],
    ['"stream" is required.', { 'path:stream': '' }, EXAMPLE.body],
    ['A body is required.', {}, '\n'],
    [
      'A browser cannot send ".." as a part of a path: it resolves it first.',
      { 'path:group': '..' },
      EXAMPLE.body
    ]
  ])('is checked before it is sent: %s', (fault, values, body) => {
    expect(faultOf(READ, { values: { ...EXAMPLE.values, ...values }, body })).toBe(fault)
  })
})

describe('a route of the documentation', () => {
  it('is read from the fragment of the URL', () => {
    expect(['', '#', '#/', '#/problems', '#/readGroup', '#/a%2Fb', '#/%'].map(routeOf)).toEqual([
      { view: 'overview' },
      { view: 'overview' },
      { view: 'overview' },
      { view: 'problems' },
      { view: 'operation', id: 'readGroup' },
      { view: 'operation', id: 'a/b' },
      { view: 'operation', id: '%' }
    ])
  })
})
