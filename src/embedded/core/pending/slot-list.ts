import { lowerBound } from '../lower-bound.ts'
import type { Slot } from './slot.ts'
import { RUN_RANGES, SlotRangeRun } from './slot-ranges.ts'

/** How a list is ordered. */
export interface Order {
  /** Must tell any two slots apart. */
  compare(a: Slot, b: Slot): number
  /** A number, never lower than that of a slot before: mostly it alone tells which of two comes first. */
  rank(slot: Slot): number
}

/** A place in a list, be a slot there or not. */
export interface SlotPosition {
  /** Where a slot lies seen from there: below 0 before it, 0 at it, above 0 after it. */
  probe(slot: Slot): number
  /** That of a slot that is there. */
  readonly rank: number
}

/** Before all slots. */
const START: SlotPosition = { probe: () => 1, rank: Number.NEGATIVE_INFINITY }

/**
 * Slots in an order.
 *
 * What was delivered together has slots that follow one another, and mostly is claimed and acked together. So what is
 * kept is not slots but *ranges* of them, each with its first and its last one: a million that nobody touched are a
 * single range, and a batch that is claimed leaves one place and comes to another one as bounds that move. Where
 * nothing follows anything, a range is a single slot. Ranges stand in sorted runs, each non-empty and each below
 * the next, so that adding and removing anywhere costs the same among millions as among hundreds.
 *
 * Places that are asked for one after the other mostly are neighbours. So each search looks first where the last one
 * ended, or where it began, and only then everywhere. Adding has a finger of its own: what moves from one end of a list
 * to the other is taken out in one place and put in in another, in turns.
 *
 * Among a million pending entries hardly any is in a cache of the processor's. So what tells the way from afar, ranks of
 * runs and bounds of ranges, stands side by side, and slots themselves are looked at in the end.
 */
export class SlotList {
  readonly #order: Order
  readonly #runs: SlotRangeRun[] = []
  /** The last slot of each run, and its rank. */
  readonly #lasts: Slot[] = []
  readonly #ranks: number[] = []
  #size = 0
  readonly #found: Finger = { run: 0, slotRange: 0, slot: NONE }
  /** Where the searches began that went on from neighbour to neighbour. */
  readonly #began: Finger = { run: 0, slotRange: 0, slot: NONE }
  readonly #added: Finger = { run: 0, slotRange: 0, slot: NONE }

  constructor(order: Order) {
    this.#order = order
  }

  get size(): number {
    return this.#size
  }

  first(): Slot | undefined {
    return this.#runs[0]?.first(0)
  }

  last(): Slot | undefined {
    return this.#lasts[this.#lasts.length - 1]
  }

  /** Adds a slot that is not there yet. */
  add(slot: Slot): void {
    if (this.extend(slot, slot)) return
    this.#seek(this.#placeOf(slot), this.#added)
    this.#insert(slot, this.#added)
    this.#size++
  }

  /**
   * Adds all slots from `first` to `last`, which are in order, behind all others. Gives false, and adds none, when that
   * is not where they belong.
   */
  extend(first: Slot, last: Slot): boolean {
    const before = this.last()
    if (before !== undefined && this.#order.compare(before, first) >= 0) return false
    if (before === first - 1) {
      const run = this.#runs[this.#runs.length - 1] as SlotRangeRun
      run.setLast(run.count - 1, last)
    } else {
      const run = this.#runWithRoom()
      run.insert(run.count, first, last)
    }
    this.#setLast(this.#runs.length - 1, last)
    this.#size += last - first + 1
    return true
  }

  /** Adds slots that are not there yet, in whatever order they come. */
  addAll(slots: readonly Slot[]): void {
    if (slots.length * FEW < this.#size) {
      for (const slot of slots) this.add(slot)
      return
    }
    // Ranges that are in order cost a sort no more than to go through them.
    const all = [...this.ascend(), ...slots].sort((a, b) => this.#order.compare(a, b))
    this.#runs.length = 0
    this.#lasts.length = 0
    this.#ranks.length = 0
    this.#size = 0
    for (const slot of all) this.extend(slot, slot)
  }

  /** False when it is not there. */
  delete(slot: Slot): boolean {
    if (!this.#isNear(slot, this.#found) && !this.#seekSlot(slot, this.#found)) return false
    this.#remove(slot, this.#found)
    this.#size--
    return true
  }

  /** The slot at a place. */
  find(place: SlotPosition): Slot | undefined {
    if (!this.#seekNear(place, this.#found)) {
      // What was looked at to decide is then altered in the same order.
      this.#seek(place, this.#began)
      Object.assign(this.#found, this.#began)
    }
    const { slot } = this.#found
    return slot !== NONE && place.probe(slot) === 0 ? slot : undefined
  }

  /** Slots at or after a place, in order. The list must not change meanwhile. */
  *ascend(from: SlotPosition = START): Generator<Slot, undefined> {
    this.#seek(from, this.#found)
    for (const at = { ...this.#found }; at.slot !== NONE; this.#advance(at)) yield at.slot
  }

  /** The last run, or another one behind it when that is full. */
  #runWithRoom(): SlotRangeRun {
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.count < RUN_RANGES) return last
    const run = new SlotRangeRun(last !== undefined)
    this.#runs.push(run)
    return run
  }

  /** Puts a slot before the one at a finger, which stays with that. */
  #insert(slot: Slot, finger: Finger): void {
    this.#makeRoom(2, finger)
    const run = this.#runs[finger.run] as SlotRangeRun
    const { slotRange, slot: next } = finger
    if (next !== run.first(slotRange)) {
      run.insert(slotRange + 1, next, run.last(slotRange))
      run.setLast(slotRange, next - 1)
      run.insert(slotRange + 1, slot, slot)
      finger.slotRange += 2
      return
    }
    const joinsBefore = slotRange > 0 && run.last(slotRange - 1) === slot - 1
    if (slot === next - 1) {
      run.setFirst(slotRange, slot)
      if (!joinsBefore) return
      run.setFirst(slotRange, run.first(slotRange - 1))
      run.remove(slotRange - 1)
      finger.slotRange--
    } else if (joinsBefore) {
      run.setLast(slotRange - 1, slot)
    } else {
      run.insert(slotRange, slot, slot)
      finger.slotRange++
    }
  }

  /** Takes out a slot of the range at a finger, which comes to the next slot. */
  #remove(slot: Slot, finger: Finger): void {
    // Should it be cut in two.
    this.#makeRoom(1, finger)
    const { run: at, slotRange } = finger
    const run = this.#runs[at] as SlotRangeRun
    const first = run.first(slotRange)
    const last = run.last(slotRange)
    if (first === last) run.remove(slotRange)
    else if (slot === first) run.setFirst(slotRange, slot + 1)
    else run.setLast(slotRange, slot - 1)
    if (first < slot && slot < last) run.insert(slotRange + 1, slot + 1, last)
    if (run.count === 0) {
      this.#runs.splice(at, 1)
      this.#lasts.splice(at, 1)
      this.#ranks.splice(at, 1)
    } else if (slot === this.#lasts[at]) {
      this.#setLast(at, run.last(run.count - 1))
    }
    this.#pointAt(slot === first ? slotRange : slotRange + 1, finger)
  }

  /** For so many ranges more in the run of a finger. */
  #makeRoom(slotRanges: number, finger: Finger): void {
    const lower = this.#runs[finger.run] as SlotRangeRun
    if (lower.count + slotRanges <= RUN_RANGES) return
    const upper = lower.split()
    this.#runs.splice(finger.run + 1, 0, upper)
    const last = lower.last(lower.count - 1)
    this.#lasts.splice(finger.run, 0, last)
    this.#ranks.splice(finger.run, 0, this.#order.rank(last))
    if (finger.slotRange < lower.count) return
    finger.slotRange -= lower.count
    finger.run++
  }

  /** Whether a finger is at the range that has a slot. */
  #isNear(slot: Slot, { run: at, slotRange }: Finger): boolean {
    const run = this.#runs[at]
    return (
      run !== undefined &&
      slotRange < run.count &&
      run.first(slotRange) <= slot &&
      slot <= run.last(slotRange)
    )
  }

  /** Puts a finger at the first slot that is not before a place. */
  #seek(place: SlotPosition, finger: Finger): void {
    if (this.#seekNear(place, finger)) return
    finger.run = this.#runOf(place)
    finger.slot = NONE
    const run = this.#runs[finger.run]
    if (run === undefined) return
    const slotRange = lowerBound(0, run.count - 1, (slotRange) => place.probe(run.last(slotRange)))
    const first = run.first(slotRange)
    finger.slotRange = slotRange
    // Mostly a place lies between two ranges.
    const isBetween = place.probe(first) >= 0
    finger.slot = isBetween ? first : lowerBound(first + 1, run.last(slotRange), (slot) => place.probe(slot))
  }

  /** Puts a finger at the range that has a slot; false when none has. */
  #seekSlot(slot: Slot, finger: Finger): boolean {
    finger.run = this.#runOf(this.#placeOf(slot))
    finger.slotRange = this.#runs[finger.run]?.indexOf(slot) ?? -1
    return finger.slotRange >= 0
  }

  /** As `seek`, if that is where the finger is, or the next slot. Gives false, and the finger is anywhere, if neither is. */
  #seekNear(place: SlotPosition, finger: Finger): boolean {
    // What was there may be gone by now.
    if (!this.#isNear(finger.slot, finger)) return false
    const side = place.probe(finger.slot)
    if (side > 0) {
      const before = this.#before(finger)
      return before === NONE || place.probe(before) < 0
    }
    if (side === 0) return true
    this.#advance(finger)
    return finger.slot === NONE || place.probe(finger.slot) >= 0
  }

  /** The first run whose last slot is not before the place; the number of runs when there is none. */
  #runOf(place: SlotPosition): number {
    const side = (at: number) =>
      (this.#ranks[at] as number) - place.rank || place.probe(this.#lasts[at] as Slot)
    const last = this.#runs.length - 1
    // What is new mostly comes behind everything else.
    return last < 0 || side(last) < 0 ? last + 1 : lowerBound(0, last, side)
  }

  #placeOf(sought: Slot): SlotPosition {
    return { probe: (slot) => this.#order.compare(slot, sought), rank: this.#order.rank(sought) }
  }

  #setLast(run: number, slot: Slot): void {
    this.#lasts[run] = slot
    this.#ranks[run] = this.#order.rank(slot)
  }

  /** The slot before the one at a finger. */
  #before({ run, slotRange, slot }: Finger): Slot {
    const slotRanges = this.#runs[run] as SlotRangeRun
    if (slot > slotRanges.first(slotRange)) return slot - 1
    return slotRange > 0 ? slotRanges.last(slotRange - 1) : (this.#lasts[run - 1] ?? NONE)
  }

  #advance(finger: Finger): void {
    if (finger.slot < (this.#runs[finger.run] as SlotRangeRun).last(finger.slotRange)) finger.slot++
    else this.#pointAt(finger.slotRange + 1, finger)
  }

  /** Puts a finger at the first slot of a range of its run, or of the next run when this has no more. */
  #pointAt(slotRange: number, finger: Finger): void {
    const isBehind = slotRange === (this.#runs[finger.run]?.count ?? 0)
    if (isBehind) finger.run++
    finger.slotRange = isBehind ? 0 : slotRange
    finger.slot = this.#runs[finger.run]?.first(finger.slotRange) ?? NONE
  }
}

/** What a finger is at that is behind everything. */
const NONE: Slot = -1

/** One in so many is added by itself: to look for its place takes as long as to go through so many others. */
const FEW = 16

/** Where a search ended: a run, a range of it, and a slot of that. No more than a hint for the next one. */
interface Finger {
  run: number
  slotRange: number
  slot: Slot
}
