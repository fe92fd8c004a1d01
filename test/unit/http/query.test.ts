import { describe, expect, it } from 'vitest'
import { MALFORMED, parseQuery, REPEATED } from '../../../src/http/pipeline/query.ts'

describe('parseQuery', () => {
  it.each([
    ['', {}],
    ['a=b', { a: 'b' }],
    ['a=b&c=d', { a: 'b', c: 'd' }],
    ['a', { a: '' }],
    ['a=&', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=b+c%2B', { a: 'b c+' }],
    ['%61=%F0%9F%A7%BE', { a: '🧾' }],
    ['&&a=1', { a: '1' }],
    ['a=%ff', { a: MALFORMED }],
    ['a=%', { a: MALFORMED }],
    ['a=%ED%A0%80', { a: MALFORMED }],
    ['%ff=1', { '%ff': '1' }],
    ['a=1&a=2&a=3', { a: REPEATED }]
  ])('parses %j', (query, parameters) => {
    expect({ ...parseQuery(query) }).toEqual(parameters)
  })

  it('treats names of inherited properties like any other', () => {
    const parameters = parseQuery('__proto__=x&constructor=y')
    expect(Object.keys(parameters)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(parameters)).toBe(null)
  })
})
