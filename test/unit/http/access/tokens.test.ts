import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newToken, tokenMistakes } from '../../../../src/http/access/new-token.ts'
import { Tokens } from '../../../../src/http/access/tokens.ts'

const SHA256 = hash('sha256', 'a token')

describe('newToken', () => {
  it('creates a token and a line for the token file that allows its scopes', () => {
    const { token, line } = newToken('billing', ['consume:orders*', 'append:bills'])
    const found = Tokens.parse(`{"tokens":[${line}]}`).find(token)
    expect(found?.name).toBe('billing')
    expect(found?.permissions.allows('consume', 'orders-eu')).toBe(true)
    expect(found?.permissions.allows('append', 'bills-eu')).toBe(false)
  })

  it('creates a different token each time, which the line does not contain', () => {
    const created = [1, 2].map(() => newToken('billing', ['admin']))
    expect(new Set(created.map(({ token }) => token)).size).toBe(2)
    for (const { token, line } of created) expect(line).not.toContain(token.slice(5))
  })

  it('refuses invalid names and scopes', () => {
    expect(tokenMistakes('billing', ['consume:orders*', 'metrics'])).toEqual([])
    expect(tokenMistakes('two words', ['eat', 'metrics:orders'])).toHaveLength(3)
  })
})

describe('a token file', () => {
  it('accepts only the tokens that it contains', () => {
    const tokens = Tokens.parse(file({ name: 'ann', sha256: SHA256, allow: ['admin'] }))
    expect(tokens.find('a token')?.name).toBe('ann')
    for (const other of ['', 'a toke', 'a token ', SHA256]) expect(tokens.find(other)).toBeUndefined()
  })

  it.each([
    ['{"tokens":[', 'not valid JSON'],
    ['[]', 'an object with one member'],
    ['{"tokens":[],"more":1}', 'an object with one member'],
    [
      file({ name: 'ann', sha256: SHA256, allow: ['admin'], expires: 1 }),
      'only "name", "sha256" and "allow"'
    ],
    [file({ name: 'a b', sha256: SHA256, allow: ['admin'] }), '"name"'],
    [file({ name: 'ann', sha256: 'short', allow: ['admin'] }), '"sha256"'],
    [file({ name: 'ann', sha256: SHA256 }), '"allow"'],
    [file({ name: 'ann', sha256: SHA256, allow: [] }), '"allow"'],
    [file({ name: 'ann', sha256: SHA256, allow: ['eat:orders'] }), '"allow"/0'],
    [file({ name: 'ann', sha256: SHA256, allow: ['read:'] }), '"allow"/0'],
    [file({ name: 'ann', sha256: SHA256, allow: ['metrics:orders'] }), '"allow"/0'],
    [file(null), '"name"'],
    [
      file(
        { name: 'ann', sha256: SHA256, allow: ['read'] },
        { name: 'bob', sha256: SHA256, allow: ['read'] }
      ),
      'hash'
    ],
    [
      file(
        { name: 'ann', sha256: SHA256, allow: ['read'] },
        { name: 'ann', sha256: '0'.repeat(64), allow: ['read'] }
      ),
      'name'
    ]
  ])('is refused if it is %s', (text, reason) => {
    expect(() => Tokens.parse(text)).toThrow(reason)
  })

  it('is refused without showing its contents', () => {
    for (const text of [
      '{"tokens":[weir_secret]}',
      file({ name: 'ann', sha256: 'weir_secret', allow: ['admin'] })
    ]) {
      expect(() => Tokens.parse(text)).toThrow(expect.not.stringContaining('secret'))
    }
  })
})

function file(...rows: unknown[]): string {
  return JSON.stringify({ tokens: rows })
}
