import { describe, expect, it } from 'vitest'
import { parseBody } from '../../../src/http/pipeline/body.ts'
import { tooManyMembers } from '../../../src/http/pipeline/members.ts'

function fields(count: number, value = ''): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`field ${n}`, value]))
}

function bytesOf(entries: readonly object[]): Buffer {
  return Buffer.from(JSON.stringify({ entries }))
}

/** Larger than bodies that are parsed without a scan. */
const LARGE = { fields: { text: 'x'.repeat(64 * 1024) } }

describe('tooManyMembers', () => {
  it('points to the first object with more than 1000 members', () => {
    const body = bytesOf([
      LARGE,
      { fields: fields(1000) },
      { fields: fields(1001) },
      { fields: fields(1002) }
    ])
    expect(tooManyMembers(body)).toEqual({
      pointer: '/entries/2/fields',
      detail: 'Must have at most 1000 members'
    })
  })

  it('accepts bodies within the limits', () => {
    expect(tooManyMembers(bytesOf([LARGE, { fields: fields(1000) }]))).toBeUndefined()
    const entries = Array.from({ length: 1000 }, (_, n) => ({ id: `${n + 1}-0`, fields: fields(100) }))
    expect(tooManyMembers(bytesOf(entries))).toBeUndefined()
  })

  it('counts the fields of all entries together', () => {
    const entries = Array.from({ length: 1000 }, () => ({ fields: fields(105) }))
    expect(tooManyMembers(bytesOf(entries))).toEqual({
      pointer: '',
      detail: 'Must have at most 100000 fields in total'
    })
  })

  it('ignores brackets, colons and commas in strings', () => {
    const text = '{"a":[{,:\\"\\\\'.repeat(10_000)
    expect(tooManyMembers(bytesOf([{ fields: { [text]: text } }]))).toBeUndefined()
    const escaped = bytesOf([{ fields: { '\\"': text, ...fields(1001) } }])
    expect(tooManyMembers(escaped)?.pointer).toBe('/entries/0/fields')
  })

  it('escapes the names in the pointer', () => {
    const body = Buffer.from(JSON.stringify({ 'a/"b~': [LARGE, [{ ü: fields(1001) }]] }))
    expect(tooManyMembers(body)?.pointer).toBe('/a~1"b~0/1/0/ü')
  })

  it('counts members at any depth', () => {
    let value: unknown = fields(104_001)
    for (let depth = 0; depth < 20; depth++) value = [value]
    expect(tooManyMembers(Buffer.from(JSON.stringify(value)))?.pointer).toBe('')
  })

  it.each(['{"a":"', '}}}]]]:::', '{"a\\', '[[[[', '"'])('leaves %s to the parser', (end) => {
    expect(tooManyMembers(Buffer.from(`[${'1,'.repeat(40_000)}${end}`))).toBeUndefined()
  })
})

describe('parseBody', () => {
  it('refuses an object of very many members without parsing it', () => {
    // The end is not JSON, which only parsing would detect.
    const half = Array.from({ length: 100_000 }, (_, n) => `"${n}":""`).join()
    const body = Buffer.from(`{"entries":[{"fields":{${half}, nonsense`)
    expect(() => parseBody(body)).toThrow('/entries/0/fields: Must have at most 1000 members')
  })
})
