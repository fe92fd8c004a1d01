import { describe, expect, it } from 'vitest'
import { authorityOf, isLoopbackName, originOf } from '../../../src/http/pipeline/authority.ts'

describe('authorityOf', () => {
  it.each([
    ['weir.example', 'weir.example', 'weir.example'],
    ['Weir.Example:7070', 'weir.example', 'weir.example:7070'],
    ['weir.example.:80', 'weir.example', 'weir.example'],
    ['weir_1:', 'weir_1', 'weir_1'],
    ['127.1:7070', '127.0.0.1', '127.0.0.1:7070'],
    ['[0:0::1]:7070', '[::1]', '[::1]:7070']
  ])('parses %s', (text, name, host) => {
    expect(authorityOf(text)).toEqual({ name, host })
  })

  it.each([
    ...[
      '',
      ':7070',
      '::1',
      '[::1',
      '[::1%lo]',
      '[::1%25lo]',
      '[fe80::1%eth0]:7070',
      'a:b',
      'a:70700',
      'a:1:2'
    ],
    ...[
      'a/b',
      'a?b',
      'a#b',
      'a\\b',
      'ann@a',
      ' a',
      'a b',
      'a,b',
      '%6cocalhost',
      'ｌocalhost',
      '*.a',
      '1.2.3.4.5'
    ]
  ])('is undefined for %j', (text) => {
    expect(authorityOf(text)).toBeUndefined()
  })
})

describe('originOf', () => {
  it.each([
    ['http://weir.example', 'http:', 'weir.example'],
    ['https://weir.example:443', 'https:', 'weir.example'],
    ['https://weir.example:80', 'https:', 'weir.example:80'],
    ['http://[::1]:7070', 'http:', '[::1]:7070']
  ])('parses %s', (text, scheme, host) => {
    expect(originOf(text)).toEqual({ scheme, host })
  })

  it.each(['', 'null', 'weir.example', 'file://', 'ftp://a', 'http://', 'http://a/', 'http://a, http://b'])(
    'is undefined for %j',
    (text) => {
      expect(originOf(text)).toBeUndefined()
    }
  )
})

describe('isLoopbackName', () => {
  it.each(['localhost', '127.0.0.1', '127.255.255.254', '[::1]', '[::ffff:7f00:1]'])(
    'is true for %s',
    (name) => {
      expect(isLoopbackName(name)).toBe(true)
    }
  )

  it.each([
    '128.0.0.1',
    '0.0.0.0',
    '[::]',
    '[::2]',
    '127.0.0.1.nip.example',
    'localhost.example',
    '127.example'
  ])('is false for %s', (name) => {
    expect(isLoopbackName(name)).toBe(false)
  })
})
