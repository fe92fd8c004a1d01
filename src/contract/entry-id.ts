/**
 * An entry's id: two unsigned 64-bit integers, milliseconds and a sequence number, as in Redis. Both are in
 * one integer, `ms` in the high bits, so that ids compare with `<`, the next id is `+ 1n`, and the exclusive
 * end of a range is `- 1n`. Its text is `"<ms>-<seq>"`.
 */
export type EntryId = bigint

const SEQ_BITS = 64n
const MAX_U64 = (1n << SEQ_BITS) - 1n

/** "0-0", which is less than the id of any entry. */
export const MIN_ID: EntryId = 0n
/** The highest possible id. */
export const MAX_ID: EntryId = (MAX_U64 << SEQ_BITS) | MAX_U64
/** The highest sequence number of a millisecond. */
export const MAX_SEQ = MAX_U64

export function entryId(ms: bigint | number, seq: bigint | number): EntryId {
  return (BigInt(ms) << SEQ_BITS) | BigInt(seq)
}

/** Negative if `a` comes before `b`, 0 if they are equal. */
export function compareIds(a: EntryId, b: EntryId): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function idMs(id: EntryId): bigint {
  return id >> SEQ_BITS
}

export function idSeq(id: EntryId): bigint {
  return BigInt.asUintN(64, id)
}

export function formatId(id: EntryId): string {
  return `${id >> SEQ_BITS}-${BigInt.asUintN(64, id)}`
}

/**
 * The id after which a range begins; in descending order, the id before which it begins. A range may begin
 * outside the valid ids, but the returned id is always valid.
 */
export function placeBefore(range: { from: EntryId; to: EntryId; order: 'asc' | 'desc' }): EntryId {
  const place = range.order === 'asc' ? range.from - 1n : range.to + 1n
  if (place < MIN_ID) return MIN_ID
  return place > MAX_ID ? MAX_ID : place
}

/**
 * Parses an id; null if the text is not a valid id. Strict: decimal digits without leading zeros, signs or
 * spaces (Redis accepts some of these). Without `-<seq>` the sequence number is `missingSeq`.
 */
export function parseId(text: string, missingSeq = 0n): EntryId | null {
  const dash = text.indexOf('-')
  const ms = parseU64(dash < 0 ? text : text.slice(0, dash))
  const seq = dash < 0 ? missingSeq : parseU64(text.slice(dash + 1))
  return ms === null || seq === null ? null : (ms << SEQ_BITS) | seq
}

/** Parses an unsigned 64-bit integer in decimal without leading zeros; null if the text is not one. */
export function parseU64(text: string): bigint | null {
  const { length } = text
  if (length === 0 || length > 20 || (length > 1 && text.charCodeAt(0) === ZERO)) return null
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < ZERO || code > NINE) return null
  }
  // A double is exact up to 15 digits, and parses several times faster than a bigint.
  if (length <= 15) return BigInt(Number(text))
  const value = BigInt(text)
  return value > MAX_U64 ? null : value
}

const ZERO = 48
const NINE = 57

/** The id of an entry that is appended now. If the clock has gone back, ids do not. */
export function nextId(last: EntryId, nowMs: number): EntryId {
  const now = BigInt(nowMs) << SEQ_BITS
  return now >> SEQ_BITS > last >> SEQ_BITS ? now : last + 1n
}
