import { setImmediate } from 'node:timers/promises'
import type { DeadPage, ListDeadRequest, RedriveAnswer, RedriveRequest } from '../contract/dead.ts'
import type { ExtendAnswer, ExtendRequest, NackAnswer, NackRequest } from '../contract/pending.ts'
import type { ConsumerRef } from '../contract/refs.ts'
import { idCursor, idStart } from '../semantics/cursor.ts'
import type { Clock } from './clock.ts'
import type { Committer } from './committer.ts'
import { extendEntries } from './core/decide/extend.ts'
import * as nacks from './core/decide/nacks.ts'
import type { Streams } from './core/streams.ts'
import { deadPage } from './core/view.ts'
import { Redrives } from './redrives.ts'

/** The requests of a work queue: nacks, heartbeats, dead entries, and consumers that leave. */
export class WorkQueue {
  readonly #streams: Streams
  readonly #committer: Committer
  readonly #clock: Clock
  readonly #redrives: Redrives

  constructor(streams: Streams, committer: Committer, clock: Clock) {
    this.#streams = streams
    this.#committer = committer
    this.#clock = clock
    this.#redrives = new Redrives(streams, committer)
  }

  nack(request: NackRequest): Promise<NackAnswer> {
    const decide = (now: number) => nacks.nackEntries(this.#streams, request, now, Math.random)
    return this.#committer.commitRelief(decide, (answer) => answer)
  }

  extend(request: ExtendRequest): Promise<ExtendAnswer> {
    const decide = (now: number) => extendEntries(this.#streams, request, now)
    return this.#committer.commitRelief(decide, (answer) => answer)
  }

  listDead(request: ListDeadRequest): Promise<DeadPage> {
    return this.#committer.read(() => {
      const from = idStart(request)
      const page = deadPage(this.#streams.group(request), from, request.limit)
      const { aheadMs } = this.#clock
      const dead = page.dead.map((entry) => ({ ...entry, deadAt: entry.deadAt + aheadMs }))
      return { dead, ...idCursor(page.next) }
    })
  }

  redrive(request: RedriveRequest): Promise<RedriveAnswer> {
    return this.#redrives.redrive(request)
  }

  /**
   * Releases all that a consumer holds, and deletes it. Does so in steps: if the process crashes in between, some
   * entries are released.
   */
  async releaseAndDelete(request: ConsumerRef): Promise<number> {
    for (let released = 0; ; await setImmediate()) {
      const decide = (now: number) => nacks.releaseAndDelete(this.#streams, request, now)
      const step = await this.#committer.commitRelief(decide, (answer) => answer)
      released += step.released
      if (step.isDeleted) return released
    }
  }
}
