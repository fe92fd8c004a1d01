import { expect } from 'vitest'
import { EngineError } from '../../src/contract/errors.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import type { GroupDelivery } from '../../src/embedded/core/decide/reads.ts'
import { undoDelivery } from '../../src/embedded/core/decide/undo.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import { type Call, outcomeOf } from './crash-calls.ts'
import { comparable, type HistoryEvent, stateOf } from './crash-history.ts'

type EventOf<I extends HistoryEvent['is']> = Extract<HistoryEvent, { is: I }>
type Reply = EventOf<'answer'> | EventOf<'refusal'>

/** What a crash may not take back: all that was answered, or only what a checkpoint has. */
export type Promised = 'answered' | 'saved'

/**
 * Says, from what a life left as evidence, which states a crash may have left: the core alone, fed with the requests in
 * the order in which they were committed, up to some commit not before the last one that was promised. On the way it
 * holds the engine's answers against the core's.
 */
export class HistoryChecker {
  readonly #streams = new Streams()

  /** Takes the life that ended for what was found of it after that. Gives how many of its last commits were lost. */
  survived(lines: readonly HistoryEvent[], found: string, promised: Promised = 'answered'): number {
    const life = new Life(lines, this.#streams)
    const kept = life.kept(promised)
    while (life.at < kept) life.commit()
    const first = stateOf(this.#streams)
    for (let state = first; state !== found; state = stateOf(this.#streams)) {
      if (life.at === life.commits) {
        expect(
          JSON.parse(found),
          `none of the states after ${kept} to ${life.commits} commits, this being the first`
        ).toEqual(JSON.parse(first))
      }
      life.commit()
    }
    return life.commits - life.at
  }
}

/** The commits of a life, done again one by one. */
class Life {
  /** How many were done again. */
  at = 0
  readonly #streams: Streams
  readonly #lines: readonly HistoryEvent[]
  readonly #commands = new Map<number, Call>()
  readonly #commits: EventOf<'commit'>[] = []
  /** Of each request that was committed, which commit was its last. */
  readonly #lastCommits = new Map<number, number>()
  readonly #replies = new Map<number, Reply>()
  /** Replies to requests that were not committed, by how many commits they had seen. */
  readonly #looks = new Map<number, Reply[]>()
  readonly #given = new Map<number, readonly GroupDelivery[]>()

  constructor(lines: readonly HistoryEvent[], streams: Streams) {
    this.#streams = streams
    this.#lines = lines
    for (const line of lines) {
      if (line.is === 'request') this.#commands.set(line.number, line.call)
      if (line.is === 'answer' || line.is === 'refusal') this.#replies.set(line.number, line)
      if (line.is !== 'commit') continue
      this.#commits.push(line)
      if (!line.undoes) this.#lastCommits.set(line.number, this.#commits.length)
    }
    for (const reply of this.#replies.values()) {
      if (this.#lastCommits.has(reply.number)) continue
      const looks = this.#looks.get(reply.after)
      if (looks === undefined) this.#looks.set(reply.after, [reply])
      else looks.push(reply)
    }
    this.#look()
  }

  get commits(): number {
    return this.#commits.length
  }

  /** How many commits must have survived. */
  kept(promised: Promised): number {
    let kept = 0
    for (const line of this.#lines) kept = Math.max(kept, this.#keptBy(line, promised))
    return kept
  }

  commit(): void {
    const line = this.#commits[this.at]
    if (line === undefined) throw new Error('There is no other commit')
    if (line.undoes) this.#undo(line)
    else this.#redo(line)
    this.at++
    this.#look()
  }

  #keptBy(line: HistoryEvent, promised: Promised): number {
    switch (line.is) {
      case 'saved':
        return line.commits
      case 'closed':
        return this.commits
      case 'answer': {
        // That there is nothing to read is told without waiting for the disk.
        if (promised !== 'answered' || isEmptyRead(this.#call(line.number), line)) return 0
        return this.#lastCommits.get(line.number) ?? line.after
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
      throw new Error(`${this.#about(number)} gave nothing to undo`)
    this.#apply(number, undoDelivery(this.#streams, given))
  }

  #apply(number: number, changes: readonly Change[]): void {
    expect(changes.length, this.#about(number)).toBeGreaterThan(0)
    for (const change of changes) this.#streams.apply(change)
  }

  /** Asks again what was asked and answered in this state, and changed nothing. */
  #look(): void {
    for (const reply of this.#looks.get(this.at) ?? []) {
      const { number, at } = reply
      expect(this.#lookFor(number, at), this.#about(number)).toBe(
        reply.is === 'answer' ? reply.answer : reply.code
      )
    }
  }

  #lookFor(number: number, at: number): string {
    try {
      const { changes, answer } = outcomeOf(this.#streams, this.#call(number), at)
      return changes.length === 0 ? comparable(answer()) : 'a change'
    } catch (error) {
      if (error instanceof EngineError) return error.code
      throw error
    }
  }

  #call(number: number): Call {
    const call = this.#commands.get(number)
    if (call === undefined) throw new Error(`There is no request ${number}`)
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
