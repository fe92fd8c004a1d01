import { isAscii, isUtf8 } from 'node:buffer'
import { jsonFault } from './json-fault.ts'
import { jsonPointer } from './json-pointer.ts'
import { type Fault, invalidRequest, MAX_FAULTS } from './problem.ts'

/**
 * The value that a body's bytes mean. Refused as invalid-request: what is not UTF-8 or not JSON, and, wherever they
 * occur, lone surrogates (no UTF-8 can hold them) and members named `__proto__` (a trap in more than one language).
 */
export function parseBody(bytes: Buffer): unknown {
  const text = decode(bytes)
  const value = parse(text)
  // Most bodies hold nothing that could be either, and need no second look.
  if ((text.includes('\\u') && SUSPECT_ESCAPE.test(text)) || text.includes('__proto__')) refuseTraps(value)
  return value
}

function decode(bytes: Buffer): string {
  // Most bodies are ASCII, which decodes several times faster as such.
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw invalidRequest([{ pointer: '', detail: `The body is not UTF-8: see byte ${invalidByte(bytes)}` }])
}

/** Where the first bytes stand that are no UTF-8. */
function invalidByte(bytes: Buffer): number {
  const replacement = Buffer.from('\ufffd')
  // Decoding puts U+FFFD where the bytes are wrong; the first one that is not in the bytes themselves is the place.
  let at = 0
  for (const part of bytes.toString('utf8').split('\ufffd')) {
    at += Buffer.byteLength(part)
    if (!bytes.subarray(at, at + replacement.length).equals(replacement)) return at
    at += replacement.length
  }
  return at
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { index, expected } = jsonFault(text)
    const end = index >= text.length ? 'it ends' : 'it goes wrong'
    const detail = `The body is not JSON: ${end} at ${lineAndColumn(text, index)}, where ${expected} is expected`
    throw invalidRequest([{ pointer: '', detail }])
  }
}

function lineAndColumn(text: string, index: number): string {
  const before = text.slice(0, index)
  const line = before.split('\n').length
  return `line ${line}, column ${index - before.lastIndexOf('\n')}`
}

/** No request nests deeper; what lies below is refused by the schema. */
const MAX_DEPTH = 8

/** Escapes that can stand for half of a surrogate pair, or for a letter of `__proto__`. */
const SUSPECT_ESCAPE = /\\u(?:[dD][89a-fA-F]|00[567])/

function refuseTraps(value: unknown): void {
  const faults: Fault[] = []
  collectTraps(value, [], faults)
  if (faults.length > 0) throw invalidRequest(faults)
}

function collectTraps(value: unknown, path: string[], faults: Fault[]): void {
  if (typeof value === 'string') {
    if (hasLoneSurrogate(value))
      faults.push({ pointer: jsonPointer(path), detail: `The text holds ${HALF_PAIR}` })
    return
  }
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return
  for (const name in value) {
    if (faults.length >= MAX_FAULTS) return
    if (hasLoneSurrogate(name)) {
      faults.push({ pointer: jsonPointer(path), detail: `The name of a member holds ${HALF_PAIR}` })
      continue
    }
    path.push(name)
    if (name === '__proto__')
      faults.push({ pointer: jsonPointer(path), detail: 'No member can have this name' })
    else collectTraps((value as Record<string, unknown>)[name], path, faults)
    path.pop()
  }
}

const HALF_PAIR = 'half of a surrogate pair, which is no character'

/** Whether a text holds half of a surrogate pair, which no UTF-8 can say. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}
