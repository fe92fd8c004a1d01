import { expect } from 'vitest'
import { EngineError } from '../../src/contract/errors.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import type { GroupDelivery } from '../../src/embedded/core/decide/reading.ts'
import { undoDelivery } from '../../src/embedded/core/decide/undo.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { type Call, outcomeOf } from './crash-calls.ts'
import { comparable, type HistoryEvent, stateOf } from './crash-history.ts'

type EventOf<I extends HistoryEvent['is']> = Extract<HistoryEvent, { is: I }>
type Reply = EventOf<'answer'> | EventOf<'refusal'>

/** What must survive a crash: everything that was answered, or only what a checkpoint contains. */
export type Promised = 'answered' | 'saved'

/**
 * Determines from the history of a run which states a crash may leave. It gives the requests to the core alone, in
 * the order in which they were committed, up to any commit from the last promised one on. Meanwhile it compares the
 * engine's answers with those of the core.
 */
export class HistoryChecker {
  readonly #streams = new Streams()

  /**
   * Checks that the state `found` after a run is one that a crash may leave, and continues from it. Returns how many
   * of the run's last commits were lost.
   */
  check(history: readonly HistoryEvent[], found: string, promised: Promised = 'answered'): number {
    // A start does not know whose turn it was.
    for (const { groups } of this.#streams.from('')) {
      for (const group of groups.values()) group.gaveDueLast = false
    }
    const replay = new Replay(history, this.#streams)
    const kept = replay.kept(promised)
    while (replay.at < kept) replay.commit()
    const first = stateOf(this.#streams)
    for (let state = first; state !== found; state = stateOf(this.#streams)) {
      if (replay.at === replay.commits) {
        expect(
          JSON.parse(found),
          `none of the states after ${kept} to ${replay.commits} commits, this being the first`
        ).toEqual(JSON.parse(first))
      }
      replay.commit()
    }
    return replay.commits - replay.at
  }
}

/** Repeats the commits of a run one by one. */
class Replay {
  /** How many commits were repeated. */
  at = 0
  readonly #streams: Streams
  readonly #history: readonly HistoryEvent[]
  readonly #calls = new Map<number, Call>()
  readonly #commits: EventOf<'commit'>[] = []
  /** The last commit of each request that was committed. */
  readonly #lastCommits = new Map<number, number>()
  readonly #replies = new Map<number, Reply>()
  /** Replies to requests that were not committed, by the number of commits that they had seen. */
  readonly #unchanged = new Map<number, Reply[]>()
  readonly #given = new Map<number, readonly GroupDelivery[]>()

  constructor(history: readonly HistoryEvent[], streams: Streams) {
    this.#streams = streams
    this.#history = history
    for (const event of history) {
      if (event.is === 'request') this.#calls.set(event.number, event.call)
      if (event.is === 'answer' || event.is === 'refusal') this.#replies.set(event.number, event)
      if (event.is !== 'commit') continue
      this.#commits.push(event)
      if (!event.undoes) this.#lastCommits.set(event.number, this.#commits.length)
    }
    for (const reply of this.#replies.values()) {
      if (this.#lastCommits.has(reply.number)) continue
      const replies = this.#unchanged.get(reply.after)
      if (replies === undefined) this.#unchanged.set(reply.after, [reply])
      else replies.push(reply)
    }
    this.#checkUnchanged()
  }

  get commits(): number {
    return this.#commits.length
  }

  /** How many commits must have survived. */
  kept(promised: Promised): number {
    let kept = 0
    for (const event of this.#history) kept = Math.max(kept, this.#keptBy(event, promised))
    return kept
  }

  commit(): void {
    const event = this.#commits[this.at]
    if (event === undefined) throw new Error('The history has no further commit')
    if (event.undoes) this.#undo(event)
    else this.#redo(event)
    this.at++
    this.#checkUnchanged()
  }

  #keptBy(event: HistoryEvent, promised: Promised): number {
    switch (event.is) {
      case 'saved':
        return event.commits
      case 'closed':
        return this.commits
      case 'answer': {
        // A read that finds nothing is answered without waiting for the disk.
        if (promised !== 'answered' || isEmptyRead(this.#call(event.number), event)) return 0
        return this.#lastCommits.get(event.number) ?? event.after
      }
      default:
        return 0
    }
  }

  #redo({ number, at }: EventOf<'commit'>): void {
    const outcome = outcomeOf(this.#streams, this.#call(number), at)
    this.#apply(number, outcome.changes)
    if (outcome.given.length > 0) this.#given.set(number, outcome.given)
    const reply = this.#replies.get(number)
    const answer = comparable(outcome.answer())
    if (this.#lastCommits.get(number) !== this.at + 1) expect(answer, this.#about(number)).toBe('[]')
    else if (reply?.is === 'answer') expect(reply.answer, this.#about(number)).toBe(answer)
  }

  #undo({ number }: EventOf<'commit'>): void {
    const [given, ...others] = this.#given.get(number) ?? []
    if (given === undefined || others.length > 0)
      throw new Error(`${this.#about(number)} delivered nothing that can be undone`)
    this.#apply(number, undoDelivery(this.#streams, given))
  }

  #apply(number: number, changes: readonly Change[]): void {
    expect(changes.length, this.#about(number)).toBeGreaterThan(0)
    for (const change of changes) this.#streams.apply(change)
  }

  /** Repeats the requests that changed nothing and were answered in this state. */
  #checkUnchanged(): void {
    for (const reply of this.#unchanged.get(this.at) ?? []) {
      const { number, at } = reply
      expect(this.#replyTo(number, at), this.#about(number)).toBe(
        reply.is === 'answer' ? reply.answer : reply.code
      )
    }
  }

  #replyTo(number: number, at: number): string {
    try {
      const { changes, answer } = outcomeOf(this.#streams, this.#call(number), at)
      return changes.length === 0 ? comparable(answer()) : 'a change'
    } catch (error) {
      if (error instanceof EngineError) return error.code
      throw error
    }
  }

  #call(number: number): Call {
    const call = this.#calls.get(number)
    if (call === undefined) throw new Error(`The history has no request ${number}`)
    return call
  }

  #about(number: number): string {
    const { name, request } = this.#call(number)
    return `${name} ${comparable(request)}, request ${number}, at commit ${this.at + 1}`
  }
}

function isEmptyRead({ name }: Call, { answer }: EventOf<'answer'>): boolean {
  if (name === 'listEntries') return answer.startsWith('{"entries":[],')
  return answer === '[]' && name === 'readGroups'
}
