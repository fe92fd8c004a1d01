import { describe, expect, it } from 'vitest'
import { parseBody } from '../../../src/http/pipeline/body.ts'
import { Problem } from '../../../src/http/problems/problem.ts'

describe('parseBody', () => {
  it.each([
    '{"a":"b"}',
    '{"é":"🧾"}',
    '"\\ud83e\\uddfe"',
    '{"constructor":"__proto__"}',
    '"\ufffd"',
    ' [1] '
  ])('parses %s', (text) => {
    expect(parseBody(Buffer.from(text))).toEqual(JSON.parse(text))
  })

  it.each([
    ['{"a":"\\ud83e"}', '/a'],
    ['{"a":["\\uDDFE\\uD83E"]}', '/a/0'],
    ['{"a":{"b\\udc00":1}}', '/a'],
    ['{"__proto__":1}', '/__proto__'],
    ['{"a/b":{"~":{"__proto__":{}}}}', '/a~1b/~0/__proto__'],
    ['[{},{"\\u005f_proto__":1}]', '/1/__proto__'],
    ['{"__pr\\u006Fto__":null}', '/__proto__']
  ])('refuses %s at %s', (text, pointer) => {
    expect(faultsOf(Buffer.from(text))).toMatchObject([{ pointer }])
  })

  it('reports the line and column of invalid JSON', () => {
    const [fault] = faultsOf(Buffer.from('{\n  "a": 1,\n  "b": }'))
    expect(fault?.detail).toBe('The body is not valid JSON: expected a value at line 3, column 8')
  })

  it.each([
    [[0x22, 0xff, 0x22], 1],
    [[0x22, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0x22], 3],
    [[0x22, 0xef, 0xbf, 0xbd, 0x80, 0x22], 4],
    [[0x22, 0xe2, 0x82], 1]
  ])('reports the byte at which %j is not UTF-8', (bytes, index) => {
    expect(faultsOf(Buffer.from(bytes))[0]?.detail).toBe(
      `The body is not valid UTF-8: invalid at byte ${index}`
    )
  })

  it('reports at most twenty faults', () => {
    expect(faultsOf(Buffer.from(JSON.stringify(Array.from({ length: 100 }, () => '\ud800'))))).toHaveLength(
      20
    )
  })

  it('parses deeply nested JSON', () => {
    const depth = 100_000
    expect(parseBody(Buffer.from(`${'['.repeat(depth)}"\\ud800"${']'.repeat(depth)}`))).toHaveLength(1)
  })
})

function faultsOf(bytes: Buffer) {
  try {
    parseBody(bytes)
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-request') return error.faults
    throw error
  }
  return []
}
