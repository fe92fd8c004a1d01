import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { jsonFault } from '../problems/json-fault.ts'
import { Permissions, parseGrant, SCOPES } from './scopes.ts'

/** The name and rights of a token. Weir does not store the secret itself. */
export interface Token {
  readonly name: string
  readonly permissions: Permissions
}

/** Thrown with every mistake in a tokens file. The message says where they are. It never quotes the file. */
export class TokensError extends Error {
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '))
    this.name = 'TokensError'
  }
}

/**
 * Tokens by their hashes. The time of a lookup reveals nothing about how close a guess was. The key of the
 * map is a hash of the token's hash with a secret key, and the hash that is found is compared in constant
 * time.
 */
export class Tokens {
  readonly #key = randomBytes(KEY_BYTES).toString('latin1')
  readonly #found = new Map<string, { readonly sha256: Buffer; readonly token: Token }>()

  /** Parses a tokens file. Throws a TokensError with every mistake. */
  static parse(text: string): Tokens {
    const mistakes: string[] = []
    const rows = rowsOf(text)
    const tokens = new Tokens()
    const names = new Set<string>()
    for (const [index, row] of rows.entries()) {
      const before = mistakes.length
      const { name, sha256, grants } = readRow(row, (mistake) =>
        mistakes.push(`/tokens/${index}: ${mistake}`)
      )
      if (names.has(name)) mistakes.push(`/tokens/${index}: another token has this name`)
      names.add(name)
      if (mistakes.length > before) continue
      const isNew = tokens.#add(sha256, { name, permissions: new Permissions(grants) })
      if (!isNew) mistakes.push(`/tokens/${index}: another token has this hash`)
    }
    if (mistakes.length > 0) throw new TokensError(mistakes)
    return tokens
  }

  /** Returns undefined for an unknown token. */
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
    // The error's own message quotes the file.
    const { index, expected } = jsonFault(text)
    throw new TokensError([`not valid JSON: expected ${expected} at character ${index + 1}`])
  }
  const rows = isObject(file) && Object.keys(file).length === 1 ? file['tokens'] : undefined
  if (!Array.isArray(rows))
    throw new TokensError(['the file must be an object with one member, the array "tokens"'])
  return rows
}

function readRow(row: unknown, report: (mistake: string) => void) {
  const { name = '', sha256 = '', allow = [], ...others } = isObject(row) ? row : {}
  if (Object.keys(others).length > 0) report('only "name", "sha256" and "allow" are allowed')
  if (typeof name !== 'string' || !NAME.test(name)) report(`"name" must be 1 to 64 letters, digits or . _ -`)
  if (typeof sha256 !== 'string' || !HASH.test(sha256)) report('"sha256" must be 64 hexadecimal digits')
  const texts = Array.isArray(allow) ? allow.slice(0, MAX_GRANTS + 1) : []
  if (texts.length === 0 || texts.length > MAX_GRANTS)
    report(`"allow" must be an array of 1 to ${MAX_GRANTS} scopes`)
  const grants = texts.flatMap((text, index) => {
    const grant = typeof text === 'string' ? parseGrant(text) : null
    if (grant === null) report(`"allow"/${index} must be ${GRANT_FORM}`)
    return grant ?? []
  })
  return { name: String(name), sha256: Buffer.from(String(sha256), 'hex'), grants }
}

/** A valid name of a token. Names appear in logs and messages. */
export const NAME = /^[\w.-]{1,64}$/
export const GRANT_FORM = `one of ${SCOPES.join(', ')}, optionally followed by ":" and a pattern of stream names`
const HASH = /^[0-9a-f]{64}$/i
const MAX_GRANTS = 1000

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
