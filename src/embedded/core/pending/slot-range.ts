/** The number of a slot. */
export type Slot = number

/**
 * Consecutive slots as one number: its integer part is the first slot, and its fraction is the number of slots in units
 * of 2^-23. So an array of ranges takes 8 bytes for each. V8 keeps it as plain doubles, since no range is an integer,
 * and the garbage collector has nothing to walk through.
 */
export type SlotRange = number

/** Slots are below 2^30: their numbers and these 23 bits are what a double has room for. */
const UNIT = 2 ** -23

/** Half of what the fraction has room for, so that a range can continue one and be continued by another. */
const MAX_SLOTS = 2 ** 22

export function rangeOf(first: Slot, last: Slot): SlotRange {
  return first + (last - first + 1) * UNIT
}

export function firstOf(range: SlotRange): Slot {
  return Math.trunc(range)
}

export function lastOf(range: SlotRange): Slot {
  const first = Math.trunc(range)
  return first + (range - first) / UNIT - 1
}

/** Whether the second range begins where the first one ends, and both can be one range. */
export function isContinued(range: SlotRange, next: SlotRange): boolean {
  return lastOf(range) + 1 === firstOf(next) && lastOf(next) - firstOf(range) < MAX_SLOTS
}
