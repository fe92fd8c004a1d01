import { isAscii, isUtf8 } from 'node:buffer'
import { jsonFault } from '../problems/json-fault.ts'
import { jsonPointer } from '../problems/json-pointer.ts'
import { type Fault, invalidRequest, MAX_FAULTS } from '../problems/problem.ts'
import { tooManyMembers } from './members.ts'

/** Whether a body has no bytes, or only a byte order mark. */
export function isEmptyBody(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes.length === MARK.length && bytes.equals(MARK))
}

/**
 * Parses a JSON body. Skips a byte order mark at the beginning. Throws invalid-request for a body that has
 * too many members, that is not UTF-8 or not JSON, or that contains a lone surrogate (which UTF-8 cannot
 * encode) or a member named `__proto__` (which is dangerous in more than one language).
 */
export function parseBody(bytes: Buffer): unknown {
  const fault = tooManyMembers(bytes)
  if (fault !== undefined) throw invalidRequest([fault])
  const text = decode(bytes)
  const value = parse(text)
  // Most bodies cannot contain either, and need no second pass.
  if ((text.includes('\\u') && SUSPECT_ESCAPE.test(text)) || text.includes('__proto__')) refuseUnsafe(value)
  return value
}

function decode(bytes: Buffer): string {
  // Most bodies are ASCII, which decodes several times faster as latin1.
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (isUtf8(bytes)) return withoutMark(bytes.toString('utf8'))
  throw invalidRequest([
    { pointer: '', detail: `The body is not valid UTF-8: invalid at byte ${invalidByte(bytes)}` }
  ])
}

/** Removes the byte order mark that some editors and serialisers write at the beginning of UTF-8. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

const MARK = Buffer.from('\ufeff')

/** The offset of the first byte that is not valid UTF-8. */
function invalidByte(bytes: Buffer): number {
  // Decoding replaces invalid bytes with U+FFFD. The first U+FFFD that is not in the bytes themselves marks
  // the offset.
  const text = bytes.toString('utf8')
  let offset = 0
  let from = 0
  for (let index = text.indexOf(REPLACEMENT); index >= 0; index = text.indexOf(REPLACEMENT, from)) {
    offset += Buffer.byteLength(text.slice(from, index))
    if (bytes.toString('latin1', offset, offset + 3) !== REPLACEMENT_BYTES) break
    offset += 3
    from = index + 1
  }
  return offset
}

const REPLACEMENT = '\ufffd'
const REPLACEMENT_BYTES = '\xef\xbf\xbd'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { index, expected } = jsonFault(text)
    const end = index >= text.length ? ', but the body ends there' : ''
    const detail = `The body is not valid JSON: expected ${expected} at ${lineAndColumn(text, index)}${end}`
    throw invalidRequest([{ pointer: '', detail }])
  }
}

function lineAndColumn(text: string, index: number): string {
  let line = 1
  let begin = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < index; end = text.indexOf('\n', begin)) {
    line++
    begin = end + 1
  }
  return `line ${line}, column ${index - begin + 1}`
}

/** No valid request nests deeper. The schema refuses what does. */
const MAX_DEPTH = 8

/** Escapes of half a surrogate pair, or of a letter of `__proto__`. */
const SUSPECT_ESCAPE = /\\u(?:[dD][89a-fA-F]|00[567])/

function refuseUnsafe(value: unknown): void {
  const faults: Fault[] = []
  collectUnsafe(value, [], faults)
  if (faults.length > 0) throw invalidRequest(faults)
}

function collectUnsafe(value: unknown, path: string[], faults: Fault[]): void {
  if (typeof value === 'string') {
    if (hasLoneSurrogate(value)) addFault(faults, path, `The text contains ${HALF_PAIR}`)
    return
  }
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collectBelow(item, `${index}`, path, faults)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    if (hasLoneSurrogate(name)) {
      addFault(faults, path, `The name of a member contains ${HALF_PAIR}`)
    } else if (name === '__proto__') {
      addFault(faults, [...path, name], 'This member name is not allowed')
    } else {
      collectBelow(member, name, path, faults)
    }
  }
}

function collectBelow(value: unknown, name: string, path: string[], faults: Fault[]): void {
  path.push(name)
  collectUnsafe(value, path, faults)
  path.pop()
}

function addFault(faults: Fault[], path: readonly string[], detail: string): void {
  if (faults.length < MAX_FAULTS) faults.push({ pointer: jsonPointer(path), detail })
}

const HALF_PAIR = 'a lone surrogate, which is not a character'

/** Whether a text contains half of a surrogate pair, which UTF-8 cannot encode. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}
