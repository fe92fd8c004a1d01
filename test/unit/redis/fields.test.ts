import { describe, expect, it } from 'vitest'
import { contentOf, fieldArgs } from '../../../src/redis/commands/fields.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (json: Uint8Array) => new TextDecoder().decode(json)

describe('fieldArgs', () => {
  it('keeps names and values in their order, also numeric names', () => {
    expect(fieldArgs(bytes('{"b":"1","7":"2","a":"3"}'))).toEqual(['b', '1', '7', '2', 'a', '3'])
  })

  it('decodes escapes, and strings that look like JSON', () => {
    const json = String.raw`{ "a\"b" : "{\"c\":\"d\"}" , "" : "\u00fc\n\\" }`
    expect(fieldArgs(bytes(json))).toEqual(['a"b', '{"c":"d"}', '', 'ü\n\\'])
  })

  it('decodes a string larger than any body', () => {
    const value = 'x'.repeat(65 << 20)
    expect(fieldArgs(bytes(JSON.stringify({ value })))[1] === value).toBe(true)
    const backslashes = '\\'.repeat(4 << 20)
    expect(fieldArgs(bytes(JSON.stringify({ backslashes })))[1] === backslashes).toBe(true)
  })
})

describe('contentOf', () => {
  const content = (...flat: string[]) => text(contentOf(flat).fields)

  it('returns the fields that fieldArgs got', () => {
    const fields = '{"zip":"1010","7":"ü \\"quoted\\" \\\\","":"unnamed"}'
    expect(content(...fieldArgs(bytes(fields)))).toBe(fields)
  })

  it('returns the last value of a repeated name', () => {
    expect(content('a', '1', 'b', '2', 'a', '3')).toBe('{"a":"3","b":"2"}')
  })
})
