import type { Slot } from './pending-slots.ts'
import { RUN_STRETCHES, StretchRun } from './stretches.ts'

/** Where a slot lies seen from a place: below 0 before it, 0 at it, above 0 after it. */
export type Probe = (slot: Slot) => number

/**
 * Slots in the order of a comparison, which must tell any two of them apart.
 *
 * What was delivered together has slots that follow one another, and mostly is claimed and acked together. So what is
 * kept is not slots but *stretches* of them, each with its first and its last one: a million that nobody touched are a
 * single stretch, and a batch that is claimed leaves one place and comes to another one as bounds that move. Where
 * nothing follows anything, a stretch is a single slot. Stretches stand in sorted runs, each non-empty and each below
 * the next, so that adding and removing anywhere costs the same among millions as among hundreds.
 *
 * Places that are asked for one after the other mostly are neighbours. So each search looks first where the last one
 * ended, and only then everywhere. Adding has a finger of its own: what moves from one end of a list to the other is
 * taken out in one place and put in in another, in turns.
 */
export class SlotList {
  readonly #compare: (a: Slot, b: Slot) => number
  readonly #runs: StretchRun[] = []
  /** The last slot of each run, side by side: what a search among all of them looks at. */
  readonly #lasts: Slot[] = []
  #size = 0
  readonly #found: Finger = { run: 0, stretch: 0, slot: NONE }
  readonly #added: Finger = { run: 0, stretch: 0, slot: NONE }
  #sought: Slot = NONE
  readonly #toSought: Probe = (slot) => this.#compare(slot, this.#sought)

  constructor(compare: (a: Slot, b: Slot) => number) {
    this.#compare = compare
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
    this.#sought = slot
    this.#seek(this.#toSought, this.#added)
    this.#insert(slot, this.#added)
    this.#size++
  }

  /**
   * Adds all slots from `first` to `last`, which are in order, behind all others. Gives false, and adds none, when that
   * is not where they belong.
   */
  extend(first: Slot, last: Slot): boolean {
    const before = this.last()
    if (before !== undefined && this.#compare(before, first) >= 0) return false
    if (before === first - 1) {
      const run = this.#runs[this.#runs.length - 1] as StretchRun
      run.setLast(run.count - 1, last)
    } else {
      const run = this.#runWithRoom()
      run.insert(run.count, first, last)
    }
    this.#lasts[this.#runs.length - 1] = last
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
    const all = [...this.ascend(), ...slots].sort(this.#compare)
    this.#runs.length = 0
    this.#lasts.length = 0
    this.#size = 0
    for (const slot of all) this.extend(slot, slot)
  }

  /** False when it is not there. */
  delete(slot: Slot): boolean {
    if (!this.#isNear(slot, this.#found)) {
      this.#sought = slot
      if (this.find(this.#toSought) !== slot) return false
    }
    this.#remove(slot, this.#found)
    this.#size--
    return true
  }

  /** The slot at a place. */
  find(probe: Probe): Slot | undefined {
    this.#seek(probe, this.#found)
    const { slot } = this.#found
    return slot !== NONE && probe(slot) === 0 ? slot : undefined
  }

  /** Slots at or after a place, in order. The list must not change meanwhile. */
  *ascend(probe: Probe = () => 1): Generator<Slot, undefined> {
    this.#seek(probe, this.#found)
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
    this.#makeRoom(1, finger)
    const at = finger.run
    const run = this.#runs[at] as StretchRun
    const { stretch } = finger
    const first = run.first(stretch)
    const last = run.last(stretch)
    if (first === last) run.remove(stretch)
    else if (slot === first) run.setFirst(stretch, slot + 1)
    else run.setLast(stretch, slot - 1)
    if (first < slot && slot < last) run.insert(stretch + 1, slot + 1, last)
    if (run.count === 0) {
      this.#runs.splice(at, 1)
      this.#lasts.splice(at, 1)
    } else if (slot === this.#lasts[at]) {
      this.#lasts[at] = run.last(run.count - 1)
    }
    this.#pointAt(slot === first ? stretch : stretch + 1, finger)
  }

  /** For so many stretches more in the run of a finger. */
  #makeRoom(stretches: number, finger: Finger): void {
    const lower = this.#runs[finger.run] as StretchRun
    if (lower.count + stretches <= RUN_STRETCHES) return
    const upper = lower.split()
    this.#runs.splice(finger.run + 1, 0, upper)
    this.#lasts.splice(finger.run, 0, lower.last(lower.count - 1))
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
  #seek(probe: Probe, finger: Finger): void {
    if (this.#seekNear(probe, finger)) return
    finger.run = this.#runOf(probe)
    finger.slot = NONE
    const run = this.#runs[finger.run]
    if (run === undefined) return
    finger.stretch = lowerBound(0, run.count - 1, (stretch) => probe(run.last(stretch)))
    finger.slot = lowerBound(run.first(finger.stretch), run.last(finger.stretch), probe)
  }

  /** The same if that is where the finger is, or the next slot. Gives false, and the finger is anywhere, if neither is. */
  #seekNear(probe: Probe, finger: Finger): boolean {
    // What was there may be gone by now.
    if (!this.#isNear(finger.slot, finger)) return false
    const side = probe(finger.slot)
    if (side > 0) {
      const before = this.#before(finger)
      return before === NONE || probe(before) < 0
    }
    if (side === 0) return true
    this.#advance(finger)
    return finger.slot === NONE || probe(finger.slot) >= 0
  }

  /** The first run whose last slot is not before the place; the number of runs when there is none. */
  #runOf(probe: Probe): number {
    const last = this.last()
    // What is new mostly comes behind everything else.
    if (last === undefined || probe(last) < 0) return this.#runs.length
    return lowerBound(0, this.#runs.length - 1, (at) => probe(this.#lasts[at] as Slot))
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

/** The first number from `low` up to `high` that is not before a place, where `high` surely is not. */
function lowerBound(low: number, high: number, probe: (number: number) => number): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = (from + to) >>> 1
    if (probe(middle) < 0) from = middle + 1
    else to = middle
  }
  return from
}
