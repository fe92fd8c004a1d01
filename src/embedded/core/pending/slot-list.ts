import { lowerBound } from '../lower-bound.ts'
import { firstOf, isContinued, lastOf, rangeOf, type Slot, type SlotRange } from './slot-range.ts'

/** How a list is ordered. */
export interface Order {
  /** Must tell any two slots apart. */
  compare(a: Slot, b: Slot): number
  /** A number that is never lower than that of a slot before. Mostly it alone tells which of two slots comes first. */
  rank(slot: Slot): number
}

/** Maximum number of ranges in a run: few enough to move, and enough that runs are few. */
const RUN_RANGES = 64

/** Where a finger points if it is after all slots. */
const NONE: Slot = -1

/**
 * Slots in an order. Consecutive slots that follow one another in it are one range, and ranges are kept in sorted runs:
 *
 *     ranks       12              35                     rank of the last slot of each run
 *     runs      ┌─────────────┐ ┌─────────────────┐
 *     ranges    │ 0–63 │ 80–90│ │ 64–79 │ 200 │ 91│      at most 64 in a run
 *               └──────────▲──┘ └─────────────────┘
 *                        finger: run 0, range 1, slot 86
 *
 * A million entries that nobody touched are one range. A batch that is claimed moves a few bounds. Where no slot follows
 * another, each is a range by itself. No run is empty, and each run is before the next, so adding and removing anywhere
 * costs the same among millions of ranges as among hundreds.
 *
 * Consecutive searches are mostly for neighbours, as those for a batch of entries are. So a search first checks the
 * finger, which is where the last one ended, and the slot after it.
 */
export class SlotList {
  readonly #order: Order
  readonly #runs: SlotRange[][] = []
  /** The rank of the last slot of each run, side by side. Reading the slots would miss the processor's caches. */
  readonly #ranks: number[] = []
  readonly #finger: Finger = { run: 0, range: 0, slot: NONE }
  #size = 0

  constructor(order: Order) {
    this.#order = order
  }

  get size(): number {
    return this.#size
  }

  first(): Slot | undefined {
    const run = this.#runs[0]
    return run === undefined ? undefined : firstOf(run[0] as SlotRange)
  }

  last(): Slot | undefined {
    const run = this.#runs[this.#runs.length - 1]
    return run === undefined ? undefined : endOf(run)
  }

  /** Adds a slot that is not in the list. */
  add(slot: Slot): void {
    this.addRange(rangeOf(slot, slot))
  }

  /** Adds slots that are in order. None of them is in the list. */
  addRange(range: SlotRange): void {
    const first = firstOf(range)
    const last = lastOf(range)
    const end = this.last()
    if (end === undefined || this.#order.compare(end, first) < 0) {
      this.#append(range)
    } else {
      this.#seek(first)
      if (first < last && this.#order.compare(this.#finger.slot, last) < 0) {
        // Others belong in between.
        for (let slot = first; slot <= last; slot++) this.add(slot)
        return
      }
      this.#insert(range)
    }
    this.#size += last - first + 1
  }

  /** Removes a slot of the list. */
  delete(slot: Slot): void {
    const finger = this.#finger
    if (finger.slot !== slot) {
      finger.run = this.#runOf(slot)
      finger.range = indexOf(this.#runs[finger.run] as SlotRange[], slot)
    }
    this.#makeRoom(1)
    const { run: at, range: index } = finger
    const run = this.#runs[at] as SlotRange[]
    const first = firstOf(run[index] as SlotRange)
    const last = lastOf(run[index] as SlotRange)
    if (first === last) removeAt(run, index)
    else if (slot === first) run[index] = rangeOf(slot + 1, last)
    else if (slot === last) run[index] = rangeOf(first, slot - 1)
    else run.splice(index, 1, rangeOf(first, slot - 1), rangeOf(slot + 1, last))
    if (run.length === 0) {
      this.#runs.splice(at, 1)
      this.#ranks.splice(at, 1)
    } else if (slot === last && index >= run.length - 1) {
      this.#setRank(at)
    }
    this.#size--
    this.#pointAt(slot === first ? index : index + 1, finger)
  }

  /** The slot that compares equal to a key. */
  find(key: Slot): Slot | undefined {
    this.#seek(key)
    const { slot } = this.#finger
    return slot !== NONE && this.#order.compare(slot, key) === 0 ? slot : undefined
  }

  /** Number of slots before a key. Takes a step for each range before it. */
  countBefore(key: Slot): number {
    this.#seek(key)
    const { run: end, range: index, slot } = this.#finger
    if (slot === NONE) return this.#size
    let count = slot - firstOf(this.#runs[end]?.[index] as SlotRange)
    for (let at = 0; at <= end; at++) {
      const run = this.#runs[at] as SlotRange[]
      const ranges = at === end ? index : run.length
      for (let range = 0; range < ranges; range++) {
        const before = run[range] as SlotRange
        count += lastOf(before) - firstOf(before) + 1
      }
    }
    return count
  }

  /** Slots in order, from the first that is not before `from`. The list must not change meanwhile. */
  *ascend(from = this.first()): Generator<Slot, undefined> {
    if (from === undefined) return
    this.#seek(from)
    for (const at = { ...this.#finger }; at.slot !== NONE; this.#pointAt(at.range + 1, at)) {
      const last = lastOf(this.#runs[at.run]?.[at.range] as SlotRange)
      for (let slot = at.slot; slot <= last; slot++) yield slot
    }
  }

  /** Puts a range after all others. */
  #append(range: SlotRange): void {
    const run = this.#runs[this.#runs.length - 1]
    const last = run?.[run.length - 1]
    if (run === undefined || last === undefined) this.#runs.push([range])
    else if (isContinued(last, range)) run[run.length - 1] = rangeOf(firstOf(last), lastOf(range))
    else if (run.length < RUN_RANGES) run.push(range)
    else this.#runs.push([range])
    this.#setRank(this.#runs.length - 1)
  }

  /** Puts a range before the slot at the finger, and points the finger at the last slot of the range. */
  #insert(range: SlotRange): void {
    this.#makeRoom(2)
    const finger = this.#finger
    const { range: index, slot } = finger
    const run = this.#runs[finger.run] as SlotRange[]
    const next = run[index] as SlotRange
    if (firstOf(next) < slot) {
      run.splice(index, 1, rangeOf(firstOf(next), slot - 1), range, rangeOf(slot, lastOf(next)))
      finger.range++
    } else {
      const before = index > 0 ? (run[index - 1] as SlotRange) : range
      const joinsBefore = isContinued(before, range)
      const joinsNext = isContinued(range, next)
      const joined = rangeOf(firstOf(joinsBefore ? before : range), lastOf(joinsNext ? next : range))
      if (joinsBefore) finger.range--
      if (joinsBefore !== joinsNext) run[finger.range] = joined
      else run.splice(finger.range, joinsBefore ? 2 : 0, joined)
    }
    finger.slot = lastOf(range)
  }

  /** Splits the run at the finger if it has no room for so many more ranges. */
  #makeRoom(ranges: number): void {
    const finger = this.#finger
    const lower = this.#runs[finger.run] as SlotRange[]
    if (lower.length + ranges <= RUN_RANGES) return
    const upper = lower.splice(lower.length >> 1)
    this.#runs.splice(finger.run + 1, 0, upper)
    this.#ranks.splice(finger.run, 0, this.#order.rank(endOf(lower)))
    if (finger.range < lower.length) return
    finger.range -= lower.length
    finger.run++
  }

  #setRank(run: number): void {
    this.#ranks[run] = this.#order.rank(endOf(this.#runs[run] as SlotRange[]))
  }

  /** Points the finger at the first slot that is not before a key. */
  #seek(key: Slot): void {
    const { compare } = this.#order
    const finger = this.#finger
    const side = finger.slot === NONE ? 1 : compare(finger.slot, key)
    if (side === 0) return
    if (side < 0) {
      this.#advance(finger)
      if (finger.slot === NONE || compare(finger.slot, key) >= 0) return
    }
    finger.run = this.#runOf(key)
    finger.slot = NONE
    const run = this.#runs[finger.run]
    if (run === undefined) return
    finger.range = lowerBound(0, run.length - 1, (at) => compare(lastOf(run[at] as SlotRange), key))
    const first = firstOf(run[finger.range] as SlotRange)
    const last = lastOf(run[finger.range] as SlotRange)
    // Most keys are between two ranges.
    const isBetween = compare(first, key) >= 0
    finger.slot = isBetween ? first : lowerBound(first + 1, last, (slot) => compare(slot, key))
  }

  /** The first run whose last slot is not before a key; the number of runs if there is none. */
  #runOf(key: Slot): number {
    const rank = this.#order.rank(key)
    return lowerBound(0, this.#runs.length, (run) => {
      const side = (this.#ranks[run] as number) - rank
      return side !== 0 ? side : this.#order.compare(endOf(this.#runs[run] as SlotRange[]), key)
    })
  }

  #advance(finger: Finger): void {
    const range = this.#runs[finger.run]?.[finger.range] as SlotRange
    if (finger.slot < lastOf(range)) finger.slot++
    else this.#pointAt(finger.range + 1, finger)
  }

  /** Points a finger at the first slot of a range of its run, or of the next run if its run has no such range. */
  #pointAt(range: number, finger: Finger): void {
    const isInRun = range < (this.#runs[finger.run]?.length ?? 0)
    if (!isInRun) finger.run++
    finger.range = isInRun ? range : 0
    const found = this.#runs[finger.run]?.[finger.range]
    finger.slot = found === undefined ? NONE : firstOf(found)
  }
}

/** A slot of the list, with its run and the range that it is in. */
interface Finger {
  run: number
  range: number
  slot: Slot
}

/** The range of a run that contains a slot, by its number: comparing slots would read them. */
function indexOf(run: readonly SlotRange[], slot: Slot): number {
  let index = 0
  while (slot < firstOf(run[index] as SlotRange) || slot > lastOf(run[index] as SlotRange)) index++
  return index
}

/** Unlike splice, it creates no array of what was removed, which would take half of the time. */
function removeAt(run: SlotRange[], index: number): void {
  for (let at = index + 1; at < run.length; at++) run[at - 1] = run[at] as SlotRange
  run.pop()
}

/** The last slot of a run. */
function endOf(run: readonly SlotRange[]): Slot {
  return lastOf(run[run.length - 1] as SlotRange)
}
