import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from '../../../src/http/problems/json-fault.ts'

describe('jsonFault', () => {
  it.each([
    ['', 0, 'a value'],
    ['  ', 2, 'a value'],
    ['x', 0, 'a value'],
    ['nul', 0, 'a value'],
    ['{', 1, 'a member or "}"'],
    ['{"a"', 4, '":"'],
    ['{"a":', 5, 'a value'],
    ['{"a":1', 6, '"," or "}"'],
    ['{"a":1,}', 7, 'a member'],
    ['{a:1}', 1, 'a member or "}"'],
    ["{'a':1}", 1, 'a member or "}"'],
    ['[', 1, 'a value or "]"'],
    ['[1,]', 3, 'a value'],
    ['[1 2]', 3, '"," or "]"'],
    ['[1}', 2, '"," or "]"'],
    ['[]]', 2, 'the end'],
    ['1 2', 2, 'the end'],
    ['01', 1, 'the end'],
    ['-', 0, 'a value'],
    ['1.', 1, 'the end'],
    ['"abc', 4, 'a closing quotation mark'],
    ['"a\nb"', 2, 'an escape for the control character'],
    ['"\\x"', 1, 'a valid escape'],
    ['"\\u12g4"', 1, 'a valid escape'],
    ['\ufeff{}', 0, 'a value']
  ])('finds the fault in %j', (text, index, expected) => {
    expect(jsonFault(text)).toEqual({ index, expected })
  })

  it('finds the end of every truncated JSON text', () => {
    const text = fc.json({ maxDepth: 4 }).filter((json) => /^[[{"]/.test(json))
    fc.assert(
      fc.property(text, fc.nat(), (json, seed) => {
        const cut = json.slice(0, seed % json.length)
        // A truncated escape is invalid as a whole.
        expect(cut.length - jsonFault(cut).index).toBeLessThan(6)
      })
    )
  })

  it('parses a deeply nested text', () => {
    expect(jsonFault('['.repeat(1_000_000)).index).toBe(1_000_000)
  })
})
