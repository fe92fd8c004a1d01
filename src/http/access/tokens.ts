import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { jsonFault } from '../problems/json-fault.ts'
import { Permissions, parseGrant, SCOPES } from './scopes.ts'

/** Somebody who may do something. The token itself is known to its owner alone. */
export interface Token {
  readonly name: string
  readonly permissions: Permissions
}

/** What is wrong with a file of tokens, each a sentence. Says where, and never what stands there. */
export class TokensError extends Error {
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '))
    this.name = 'TokensError'
  }
}

/**
 * Tokens by their hashes. Finding one takes the same time whatever was presented: what is looked up is a hash of its
 * hash with a key that nobody knows, so that its bytes say nothing about how near a guess was, and the hash that is
 * found is compared in constant time.
 */
export class Tokens {
  readonly #key = randomBytes(KEY_BYTES).toString('latin1')
  readonly #found = new Map<string, { readonly sha256: Buffer; readonly token: Token }>()

  /** Reads a file of tokens. Throws a TokensError that names every mistake. */
  static parse(text: string): Tokens {
    const mistakes: string[] = []
    const rows = rowsOf(text)
    const tokens = new Tokens()
    const names = new Set<string>()
    for (const [index, row] of rows.entries()) {
      const before = mistakes.length
      const { name, sha256, grants } = readRow(row, (what) => mistakes.push(`/tokens/${index}: ${what}`))
      if (names.has(name)) mistakes.push(`/tokens/${index}: another token has this name`)
      names.add(name)
      if (mistakes.length > before) continue
      const isNew = tokens.#add(sha256, { name, permissions: new Permissions(grants) })
      if (!isNew) mistakes.push(`/tokens/${index}: another token has this hash`)
    }
    if (mistakes.length > 0) throw new TokensError(mistakes)
    return tokens
  }

  /** Whose token it is; undefined for one that is nobody's. */
  find(presented: string): Token | undefined {
    const sha256 = hash('sha256', presented, 'binary')
    const found = this.#found.get(this.#keyed(sha256))
    if (found === undefined || !timingSafeEqual(found.sha256, Buffer.from(sha256, 'latin1'))) return undefined
    return found.token
  }

  #add(sha256: Buffer, token: Token): boolean {
    const key = this.#keyed(sha256.toString('latin1'))
    if (this.#found.has(key)) return false
    this.#found.set(key, { sha256, token })
    return true
  }

  #keyed(sha256: string): string {
    return hash('sha256', this.#key + sha256, 'binary')
  }
}

const KEY_BYTES = 32

function rowsOf(text: string): unknown[] {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // What the error itself says quotes the file.
    const { index, expected } = jsonFault(text)
    throw new TokensError([`not valid JSON: expected ${expected} at character ${index + 1}`])
  }
  const rows = isObject(file) && Object.keys(file).length === 1 ? file['tokens'] : undefined
  if (!Array.isArray(rows))
    throw new TokensError(['the file must be an object with one member, the array "tokens"'])
  return rows
}

function readRow(row: unknown, mistake: (what: string) => void) {
  const { name = '', sha256 = '', allow = [], ...others } = isObject(row) ? row : {}
  if (Object.keys(others).length > 0) mistake('only "name", "sha256" and "allow" are allowed')
  if (typeof name !== 'string' || !NAME.test(name)) mistake(`"name" must be 1 to 64 letters, digits or . _ -`)
  if (typeof sha256 !== 'string' || !HASH.test(sha256)) mistake('"sha256" must be 64 hexadecimal digits')
  const texts = Array.isArray(allow) ? allow.slice(0, MAX_GRANTS + 1) : []
  if (texts.length === 0 || texts.length > MAX_GRANTS)
    mistake(`"allow" must be an array of 1 to ${MAX_GRANTS} scopes`)
  const grants = texts.flatMap((text, index) => {
    const grant = typeof text === 'string' ? parseGrant(text) : null
    if (grant === null) mistake(`"allow"/${index} must be ${GRANT_FORM}`)
    return grant ?? []
  })
  return { name: String(name), sha256: Buffer.from(String(sha256), 'hex'), grants }
}

/** What is accepted as a name of a token; it is logged and shown. */
export const NAME = /^[\w.-]{1,64}$/
export const GRANT_FORM = `one of ${SCOPES.join(', ')}, optionally followed by ":" and a pattern of stream names`
const HASH = /^[0-9a-f]{64}$/i
const MAX_GRANTS = 1000

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
