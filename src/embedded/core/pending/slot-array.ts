import type { Slot } from './slot-range.ts'

/*
 * A slot, in memory as in the store, in the byte order of the machine, which is little-endian:
 *
 *     | ms u64 | seq u64 | deliveredAt f64 | deliveries f64 | owner u32 | place u16 | orphan u16 |
 *
 * Deliveries are a double, because a claim may set any count up to 2^53 - 1. The owner is the number of a consumer, 0 if
 * the slot is free, or 2^32 - 1 if the entry was nacked; `deliveredAt` is then when it falls due. The place is that of the slot in its page, since pages are stored without free slots.
 *
 * Free slots form a list of ranges, in memory only. The first slot of a range holds, in place of its id, the last slot of
 * the range and the first slot of the next range:
 *
 *     | last u32 | next u32, 2^32 - 1 for none |
 */
export const SLOT_BYTES = 40
export const SLOT_WORDS = SLOT_BYTES / 4
const SLOT_DOUBLES = SLOT_BYTES / 8
export const DELIVERED_AT = 2
export const DELIVERIES = 3
export const OWNER = 8
export const FLAGS = 9
export const ORPHAN = 0x1_0000
/** The owner of entries that are in nobody's hands. */
export const NOBODY = 0xffff_ffff
export const FREE_LAST = 0
export const FREE_NEXT = 1

export const ARRAY_BITS = 12
export const ARRAY_SLOTS = 1 << ARRAY_BITS

/**
 * Slots in a flat array, seen as words and as doubles. The values of an entry are side by side, so that the processor
 * fetches one or two cache lines for it, and the garbage collector has nothing to walk through.
 */
export interface SlotArray {
  readonly words: Uint32Array
  readonly doubles: Float64Array
}

export function newArray(slots: number): SlotArray {
  const words = new Uint32Array(SLOT_WORDS * slots)
  return { words, doubles: new Float64Array(words.buffer) }
}

/** The first word of a slot in its array. */
export function wordAt(slot: Slot): number {
  return SLOT_WORDS * (slot & (ARRAY_SLOTS - 1))
}

/** The first double of a slot in its array. */
export function doubleAt(slot: Slot): number {
  return SLOT_DOUBLES * (slot & (ARRAY_SLOTS - 1))
}

/** Word by word, which is the fastest way for so few. */
export function copySlot(from: Uint32Array, at: number, to: Uint32Array, toAt: number): void {
  for (let word = 0; word < SLOT_WORDS; word++) to[toAt + word] = from[at + word] as number
}
