import { MAX_FIELDS, MAX_ITEMS, MAX_TOTAL_FIELDS } from '../operations/schemas.ts'
import { jsonPointer } from '../problems/json-pointer.ts'
import type { Fault } from '../problems/problem.ts'

/** Smaller bodies are parsed without a scan, because the worst one takes a few milliseconds. */
const SMALL_BYTES = 64 * 1024
/** Each entry has a few members besides its fields. */
const MAX_MEMBERS = MAX_TOTAL_FIELDS + 4 * MAX_ITEMS
/** No valid request nests deeper. */
const MAX_DEPTH = 8

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** An object or array that the scan is in. */
interface Open {
  readonly isObject: boolean
  /** Members of an object; the index of the current item of an array. */
  count: number
  /** Offset of the name of an object's last member. */
  nameAt: number
}

/**
 * Counts the members of the objects in a body without parsing it: an object with a million members takes a
 * second to parse, and 20 ms to scan. Returns undefined for a body within the limits, and for one that is not
 * JSON.
 */
export function tooManyMembers(bytes: Buffer): Fault | undefined {
  if (bytes.length <= SMALL_BYTES) return undefined
  const open: Open[] = []
  let current: Open | undefined
  let depth = 0
  let total = 0
  let nameAt = 0
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        nameAt = at
        at = endOfString(bytes, at)
        break
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        if (++depth > MAX_DEPTH) break
        current = { isObject: bytes[at] === OPEN_OBJECT, count: 0, nameAt: 0 }
        open.push(current)
        break
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        if (--depth >= MAX_DEPTH) break
        open.pop()
        current = open[open.length - 1]
        break
      case COLON:
        if (++total > MAX_MEMBERS) return tooManyInTotal
        if (current === undefined || depth > MAX_DEPTH) break
        if (++current.count > MAX_FIELDS) return tooManyInObject(bytes, open)
        current.nameAt = nameAt
        break
      case COMMA:
        if (current?.isObject === false && depth <= MAX_DEPTH) current.count++
    }
  }
  return undefined
}

const tooManyInTotal: Fault = { pointer: '', detail: `Must have at most ${MAX_TOTAL_FIELDS} fields in total` }

/** The innermost open object has too many members. */
function tooManyInObject(bytes: Buffer, open: readonly Open[]): Fault {
  const path = open
    .slice(0, -1)
    .map(({ isObject, count, nameAt }) => (isObject ? nameOf(bytes, nameAt) : `${count}`))
  return { pointer: jsonPointer(path), detail: `Must have at most ${MAX_FIELDS} members` }
}

function nameOf(bytes: Buffer, at: number): string {
  const text = bytes.toString('utf8', at, endOfString(bytes, at) + 1)
  try {
    return String(JSON.parse(text))
  } catch {
    return text.slice(1, -1)
  }
}

/** Offset of the quote that ends a string, or of the end of the bytes. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1
  for (; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
  return at
}
