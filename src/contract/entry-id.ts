/**
 * An entry's id: two unsigned 64-bit integers, milliseconds and a sequence number, as in Redis. Kept as one
 * integer, `ms` above `seq`, so that order is `<`, the next id is `+ 1n` and a range's exclusive end is `- 1n`.
 * Written `"<ms>-<seq>"`.
 */
export type EntryId = bigint

const SEQ_BITS = 64n
const MAX_U64 = (1n << SEQ_BITS) - 1n

/** "0-0": before every entry. No entry ever has it. */
export const MIN_ID: EntryId = 0n
/** The last id there is. */
export const MAX_ID: EntryId = (MAX_U64 << SEQ_BITS) | MAX_U64
/** The highest sequence number of a millisecond. */
export const MAX_SEQ = MAX_U64

export function entryId(ms: bigint | number, seq: bigint | number): EntryId {
  return (BigInt(ms) << SEQ_BITS) | BigInt(seq)
}

/** Below 0 when `a` comes before `b`, 0 when they are the same. */
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
 * Where a range of ids begins, as the place after which (in descending order, before which) its first id comes. A range
 * may begin outside of all ids, and the place is always one of them.
 */
export function placeBefore(range: { from: EntryId; to: EntryId; order: 'asc' | 'desc' }): EntryId {
  const place = range.order === 'asc' ? range.from - 1n : range.to + 1n
  if (place < MIN_ID) return MIN_ID
  return place > MAX_ID ? MAX_ID : place
}

/**
 * The id a text means; null when it is none. Strict: decimal digits without leading zeros, signs or spaces
 * (Redis' own parser lets some of these in). Without `-<seq>` the sequence number is `missingSeq`.
 */
export function parseId(text: string, missingSeq = 0n): EntryId | null {
  const dash = text.indexOf('-')
  const ms = parseU64(dash < 0 ? text : text.slice(0, dash))
  const seq = dash < 0 ? missingSeq : parseU64(text.slice(dash + 1))
  return ms === null || seq === null ? null : (ms << SEQ_BITS) | seq
}

/** The unsigned 64-bit integer a text means, in decimal without leading zeros; null when it is none. */
export function parseU64(text: string): bigint | null {
  const { length } = text
  if (length === 0 || length > 20 || (length > 1 && text.charCodeAt(0) === ZERO)) return null
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < ZERO || code > NINE) return null
  }
  // Up to 15 digits a double is exact, and several times faster to parse than a bigint.
  if (length <= 15) return BigInt(Number(text))
  const value = BigInt(text)
  return value > MAX_U64 ? null : value
}

const ZERO = 48
const NINE = 57

/** The id for an entry appended now. A clock that went back does not take ids back with it. */
export function nextId(last: EntryId, nowMs: number): EntryId {
  const now = BigInt(nowMs) << SEQ_BITS
  return now >> SEQ_BITS > last >> SEQ_BITS ? now : last + 1n
}
