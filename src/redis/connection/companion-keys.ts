import { EngineError } from '../../contract/errors.ts'
import { crc16, SLOTS, slotOf, tagOf } from './slots.ts'

/*
 * What Weir keeps of the groups of a stream beside the stream itself: policies, when nacked entries fall due, and dead
 * entries. It is in keys of its own, which must be in the slot of the stream's key, because a script changes both.
 * `scripts/lib/companion.lua` describes what they hold.
 *
 * Their names begin with the prefix, a control character, which no stream in a request can have in its name, and
 * "weir:". A tag in braces follows, which leads to the slot of the stream's key.
 */

const MARK = '\u0001weir:'

/** Throws engine-unavailable for a prefix with which a cluster takes the whole key for the tag, whatever follows. */
export function refusePrefix(prefix: string): void {
  if (!/^[^{]*\{\}/.test(prefix)) return
  throw new EngineError('engine-unavailable', 'On a Redis cluster, the prefix of keys must not contain "{}"')
}

/** The key of the hash for all groups of a stream. The keys of a single group begin with it. */
export function companionKey(prefix: string, streamKey: string): string {
  const name = streamKey.slice(prefix.length)
  const open = prefix.indexOf('{')
  // The prefix has a tag, so all keys are in the same slot.
  if (open >= 0 && prefix.indexOf('}', open) > open) return `${prefix}${MARK}{}${name}`
  // The prefix has an open brace: the tag ends with the first closing one.
  if (open >= 0) return `${prefix}${MARK}${suffixFor(`${prefix.slice(open + 1)}${MARK}`, streamKey)}}${name}`
  const own = tagOf(streamKey)
  return `${prefix}${MARK}{${own === streamKey ? suffixFor('', streamKey) : own}}${name}`
}

/** The stream whose companion key this is. */
export function streamOfCompanion(prefix: string, key: string): string {
  return key.slice(key.indexOf('}', prefix.length) + 1)
}

/** What the companion keys of all streams begin with. */
export function companionStart(prefix: string): string {
  return prefix + MARK
}

/** The order of the letters decides on the names of keys in Redis, so it must stay as it is. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const PAIRS = [...LETTERS].flatMap((first) => [...LETTERS].map((second) => first + second))
const LOW = PAIRS.map((pair) => crc16(Buffer.from(`\0\0${pair}`)) % SLOTS)
const HIGH = PAIRS.map((pair) => crc16(Buffer.from(`${pair}\0\0`)) % SLOTS)
/** For each checksum of zeros and a pair, the first such pair. */
const PAIR_OF = new Map(PAIRS.map((pair, index) => [LOW[index], pair] as const).reverse())

/**
 * The text of two pairs of letters that, after `start`, leads to the slot of a key. The checksum is linear: that of
 * `start` and a text is that of `start` and zeros, XOR that of the text, which is put together from its pairs.
 */
function suffixFor(start: string, key: string): string {
  const wanted = (slotOf(key) ^ crc16(Buffer.from(`${start}\0\0\0\0`))) % SLOTS
  for (const [index, pair] of PAIRS.entries()) {
    const other = PAIR_OF.get(wanted ^ (HIGH[index] ?? 0))
    if (other !== undefined) return pair + other
  }
  throw new Error(`No text leads to the slot of the key "${key}"`)
}
