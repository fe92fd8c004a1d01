import { lowerBound } from './lower-bound.ts'
import type { Slot } from './pending-slots.ts'
import { RUN_STRETCHES, StretchRun } from './stretches.ts'

/** How a list is ordered. */
export interface Order {
  /** Must tell any two slots apart. */
  compare(a: Slot, b: Slot): number
  /** A number, never lower than that of a slot before: mostly it alone tells which of two comes first. */
  rank(slot: Slot): number
}

/** A place in a list, be a slot there or not. */
export interface Place {
  /** Where a slot lies seen from there: below 0 before it, 0 at it, above 0 after it. */
  probe(slot: Slot): number
  /** That of a slot that is there. */
  readonly rank: number
}

/** Before all slots. */
const START: Place = { probe: () => 1, rank: Number.NEGATIVE_INFINITY }

/**
 * Slots in an order.
 *
 * What was delivered together has slots that follow one another, and mostly is claimed and acked together. So what is
 * kept is not slots but *stretches* of them, each with its first and its last one: a million that nobody touched are a
 * single stretch, and a batch that is claimed leaves one place and comes to another one as bounds that move. Where
 * nothing follows anything, a stretch is a single slot. Stretches stand in sorted runs, each non-empty and each below
 * the next, so that adding and removing anywhere costs the same among millions as among hundreds.
 *
 * Places that are asked for one after the other mostly are neighbours. So each search looks first where the last one
 * ended, or where it began, and only then everywhere. Adding has a finger of its own: what moves from one end of a list
 * to the other is taken out in one place and put in in another, in turns.
 *
 * Among a million pending entries hardly any is in a cache of the processor's. So what tells the way from afar, ranks of
 * runs and bounds of stretches, stands side by side, and slots themselves are looked at in the end.
 */
export class SlotList {
  readonly #order: Order
  readonly #runs: StretchRun[] = []
  /** The last slot of each run, and its rank. */
  readonly #lasts: Slot[] = []
  readonly #ranks: number[] = []
  #size = 0
  readonly #found: Finger = { run: 0, stretch: 0, slot: NONE }
  /** Where the searches began that went on from neighbour to neighbour. */
  readonly #began: Finger = { run: 0, stretch: 0, slot: NONE }
  readonly #added: Finger = { run: 0, stretch: 0, slot: NONE }

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
      const run = this.#runs[this.#runs.length - 1] as StretchRun
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
    // Stretches that are in order cost a sort no more than to go through them.
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
  find(place: Place): Slot | undefined {
    if (!this.#seekNear(place, this.#found)) {
      // What was looked at to decide is then altered in the same order.
      this.#seek(place, this.#began)
      Object.assign(this.#found, this.#began)
    }
    const { slot } = this.#found
    return slot !== NONE && place.probe(slot) === 0 ? slot : undefined
  }

  /** Slots at or after a place, in order. The list must not change meanwhile. */
  *ascend(from: Place = START): Generator<Slot, undefined> {
    this.#seek(from, this.#found)
    for (const at = { ...this.#found }; at.slot !== NONE; this.#advance(at)) yield at.slot
  }

  /** The last run, or another one behind it when that is full. */
  #runWithRoom(): StretchRun {
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.count < RUN_STRETCHES) return last
    const run = new StretchRun(last !== undefined)
    this.#runs.push(run)
    return run
  }

  /** Puts a slot before the one at a finger, which stays with that. */
  #insert(slot: Slot, finger: Finger): void {
    this.#makeRoom(2, finger)
    const run = this.#runs[finger.run] as StretchRun
    const { stretch, slot: next } = finger
    if (next !== run.first(stretch)) {
      run.insert(stretch + 1, next, run.last(stretch))
      run.setLast(stretch, next - 1)
      run.insert(stretch + 1, slot, slot)
      finger.stretch += 2
      return
    }
    const joinsBefore = stretch > 0 && run.last(stretch - 1) === slot - 1
    if (slot === next - 1) {
      run.setFirst(stretch, slot)
      if (!joinsBefore) return
      run.setFirst(stretch, run.first(stretch - 1))
      run.remove(stretch - 1)
      finger.stretch--
    } else if (joinsBefore) {
      run.setLast(stretch - 1, slot)
    } else {
      run.insert(stretch, slot, slot)
      finger.stretch++
    }
  }

  /** Takes out a slot of the stretch at a finger, which comes to the next slot. */
  #remove(slot: Slot, finger: Finger): void {
    // Should it be cut in two.
    this.#makeRoom(1, finger)
    const { run: at, stretch } = finger
    const run = this.#runs[at] as StretchRun
    const first = run.first(stretch)
    const last = run.last(stretch)
    if (first === last) run.remove(stretch)
    else if (slot === first) run.setFirst(stretch, slot + 1)
    else run.setLast(stretch, slot - 1)
    if (first < slot && slot < last) run.insert(stretch + 1, slot + 1, last)
    if (run.count === 0) {
      this.#runs.splice(at, 1)
      this.#lasts.splice(at, 1)
      this.#ranks.splice(at, 1)
    } else if (slot === this.#lasts[at]) {
      this.#setLast(at, run.last(run.count - 1))
    }
    this.#pointAt(slot === first ? stretch : stretch + 1, finger)
  }

  /** For so many stretches more in the run of a finger. */
  #makeRoom(stretches: number, finger: Finger): void {
    const lower = this.#runs[finger.run] as StretchRun
    if (lower.count + stretches <= RUN_STRETCHES) return
    const upper = lower.split()
    this.#runs.splice(finger.run + 1, 0, upper)
    const last = lower.last(lower.count - 1)
    this.#lasts.splice(finger.run, 0, last)
    this.#ranks.splice(finger.run, 0, this.#order.rank(last))
    if (finger.stretch < lower.count) return
    finger.stretch -= lower.count
    finger.run++
  }

  /** Whether a finger is at the stretch that has a slot. */
  #isNear(slot: Slot, { run: at, stretch }: Finger): boolean {
    const run = this.#runs[at]
    return run !== undefined && stretch < run.count && run.first(stretch) <= slot && slot <= run.last(stretch)
  }

  /** Puts a finger at the first slot that is not before a place. */
  #seek(place: Place, finger: Finger): void {
    if (this.#seekNear(place, finger)) return
    finger.run = this.#runOf(place)
    finger.slot = NONE
    const run = this.#runs[finger.run]
    if (run === undefined) return
    const stretch = lowerBound(0, run.count - 1, (stretch) => place.probe(run.last(stretch)))
    const first = run.first(stretch)
    finger.stretch = stretch
    // Mostly a place lies between two stretches.
    const isBetween = place.probe(first) >= 0
    finger.slot = isBetween ? first : lowerBound(first + 1, run.last(stretch), (slot) => place.probe(slot))
  }

  /** Puts a finger at the stretch that has a slot; false when none has. */
  #seekSlot(slot: Slot, finger: Finger): boolean {
    finger.run = this.#runOf(this.#placeOf(slot))
    finger.stretch = this.#runs[finger.run]?.indexOf(slot) ?? -1
    return finger.stretch >= 0
  }

  /** As `seek`, if that is where the finger is, or the next slot. Gives false, and the finger is anywhere, if neither is. */
  #seekNear(place: Place, finger: Finger): boolean {
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
  #runOf(place: Place): number {
    const side = (at: number) =>
      (this.#ranks[at] as number) - place.rank || place.probe(this.#lasts[at] as Slot)
    const last = this.#runs.length - 1
    // What is new mostly comes behind everything else.
    return last < 0 || side(last) < 0 ? last + 1 : lowerBound(0, last, side)
  }

  #placeOf(sought: Slot): Place {
    return { probe: (slot) => this.#order.compare(slot, sought), rank: this.#order.rank(sought) }
  }

  #setLast(run: number, slot: Slot): void {
    this.#lasts[run] = slot
    this.#ranks[run] = this.#order.rank(slot)
  }

  /** The slot before the one at a finger. */
  #before({ run, stretch, slot }: Finger): Slot {
    const stretches = this.#runs[run] as StretchRun
    if (slot > stretches.first(stretch)) return slot - 1
    return stretch > 0 ? stretches.last(stretch - 1) : (this.#lasts[run - 1] ?? NONE)
  }

  #advance(finger: Finger): void {
    if (finger.slot < (this.#runs[finger.run] as StretchRun).last(finger.stretch)) finger.slot++
    else this.#pointAt(finger.stretch + 1, finger)
  }

  /** Puts a finger at the first slot of a stretch of its run, or of the next run when this has no more. */
  #pointAt(stretch: number, finger: Finger): void {
    const isBehind = stretch === (this.#runs[finger.run]?.count ?? 0)
    if (isBehind) finger.run++
    finger.stretch = isBehind ? 0 : stretch
    finger.slot = this.#runs[finger.run]?.first(finger.stretch) ?? NONE
  }
}

/** What a finger is at that is behind everything. */
const NONE: Slot = -1

/** One in so many is added by itself: to look for its place takes as long as to go through so many others. */
const FEW = 16

/** Where a search ended: a run, a stretch of it, and a slot of that. No more than a hint for the next one. */
interface Finger {
  run: number
  stretch: number
  slot: Slot
}
