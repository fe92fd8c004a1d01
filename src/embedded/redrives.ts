import { setImmediate } from 'node:timers/promises'
import type { RedriveAnswer, RedriveRequest } from '../contract/dead.ts'
import { MAX_MISSING } from '../contract/delivery-policy.ts'
import { type EntryId, formatId, MIN_ID } from '../contract/entry-id.ts'
import { deadLetterStreamChanged } from '../semantics/refusals.ts'
import type { Committer } from './committer.ts'
import type { Decision } from './core/decide/decision.ts'
import {
  type RedriveStep,
  type RedriveStepRequest,
  redriveDead,
  redriveLetters
} from './core/decide/redrive.ts'
import { distinct } from './core/distinct.ts'
import type { Streams } from './core/streams.ts'

/**
 * Redrives of any size, as changes of limited size with turns of the event loop in between. If the process crashes
 * in between, some entries are redriven.
 */
export class Redrives {
  readonly #streams: Streams
  readonly #committer: Committer

  constructor(streams: Streams, committer: Committer) {
    this.#streams = streams
    this.#committer = committer
  }

  /** Rejects: stream-conflict, limit-reached. */
  async redrive(request: RedriveRequest): Promise<RedriveAnswer> {
    const { stream, group, limit, deadLetterStream } = request
    const ids = request.ids === undefined ? undefined : distinct(request.ids).slice(0, limit)
    const redriving = new Redriving(ids, limit)
    const dead = (step: RedriveStepRequest, now: number) => {
      const policy = this.#streams.group(request).policy
      if (deadLetterStream !== undefined && policy?.deadLetterStream !== deadLetterStream) {
        throw deadLetterStreamChanged(group)
      }
      return redriveDead(this.#streams, step, now)
    }
    await this.#steps({ stream, group }, redriving, dead)
    if (deadLetterStream !== undefined) {
      const letters = (step: RedriveStepRequest, now: number) =>
        redriveLetters(this.#streams, { ...step, deadLetterStream }, now)
      await this.#steps({ stream, group }, redriving, letters)
    }
    return redriving.answer
  }

  async #steps(
    ref: { readonly stream: string; readonly group: string },
    redriving: Redriving,
    decide: (request: RedriveStepRequest, now: number) => Decision<RedriveStep>
  ): Promise<void> {
    for (let from: EntryId | null = MIN_ID; from !== null && !redriving.isDone; ) {
      const request: RedriveStepRequest = { ...ref, from, ...redriving.left }
      const step = await this.#committer.commitRelief(
        (now) => decide(request, now),
        (answer) => answer
      )
      redriving.add(step)
      from = step.next
      await setImmediate()
    }
  }
}

/** What a redrive has done so far. */
class Redriving {
  readonly #ids: readonly EntryId[] | undefined
  readonly #wanted: Set<string> | null
  readonly #limit: number
  #redriven = 0
  readonly #missing: EntryId[] = []

  constructor(ids: readonly EntryId[] | undefined, limit: number) {
    this.#ids = ids
    this.#wanted = ids === undefined ? null : new Set(ids.map(formatId))
    this.#limit = limit
  }

  get isDone(): boolean {
    return this.#redriven === this.#limit || this.#wanted?.size === 0
  }

  /** What is still to be done. */
  get left(): Pick<RedriveStepRequest, 'limit' | 'wanted'> {
    return { limit: this.#limit - this.#redriven, wanted: this.#wanted }
  }

  add({ redriven, missing }: RedriveStep): void {
    this.#redriven += redriven.length
    for (const id of [...redriven, ...missing]) this.#wanted?.delete(formatId(id))
    this.#missing.push(...missing.slice(0, MAX_MISSING - this.#missing.length))
  }

  get answer(): RedriveAnswer {
    const wanted = this.#wanted
    const notDead = wanted === null ? [] : (this.#ids ?? []).filter((id) => wanted.has(formatId(id)))
    return { redriven: this.#redriven, notDead, missing: this.#missing }
  }
}
