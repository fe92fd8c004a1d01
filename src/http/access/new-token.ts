import { hash, randomBytes } from 'node:crypto'
import { parseGrant } from './scopes.ts'
import { GRANT_FORM, NAME } from './tokens.ts'

/** Lets scanners for leaked secrets recognise a token. */
const PREFIX = 'weir_'
const SECRET_BYTES = 32

/** Creates a random token, and its line for the tokens file, which contains only a hash of it. */
export function newToken(name: string, allow: readonly string[]): { token: string; line: string } {
  const token = PREFIX + randomBytes(SECRET_BYTES).toString('base64url')
  return { token, line: JSON.stringify({ name, sha256: hash('sha256', token), allow }) }
}

/** What is wrong with the name or the scopes of a new token, as sentences. */
export function tokenMistakes(name: string, allow: readonly string[]): string[] {
  const mistakes = allow
    .filter((text) => parseGrant(text) === null)
    .map((text) => `${JSON.stringify(text)} is not a valid scope: it must be ${GRANT_FORM}`)
  if (!NAME.test(name)) mistakes.unshift("The token's name must be 1 to 64 letters, digits or . _ -")
  return mistakes
}
