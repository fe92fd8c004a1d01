import { EXTEND_AT_ONCE } from '../../contract/delivery-policy.ts'
import { formatId } from '../../contract/entry-id.ts'
import type { ExtendAnswer, ExtendRequest, NackAnswer, NackRequest } from '../../contract/pending.ts'
import type { ConsumerRef, GroupRef } from '../../contract/refs.ts'
import { EXTEND, NACK, RELEASE_CONSUMER } from '../scripts/generated.ts'
import type { DeathCounts } from './death-counts.ts'
import * as replies from './replies.ts'
import { nackArgs, settledReply } from './settlements.ts'
import type { StreamCommands } from './stream-commands.ts'

/** Without ids, `extendEntries` examines at most this many entries of the consumer. */
const MAX_EXAMINED = 10_000
/** An entry whose time started anew less than this before counts as extended. */
const LATELY_MS = 1000
/** How many entries a step releases. */
const RELEASED_AT_ONCE = 1000

export interface NacksOptions {
  readonly commands: StreamCommands
  readonly deaths: DeathCounts
  /** Called when entries of a group left the hands of their consumers. */
  readonly onChanged: (group: GroupRef) => void
}

/** The operations with which workers return entries, and keep them for longer. */
export class Nacks {
  readonly #options: NacksOptions

  constructor(options: NacksOptions) {
    this.#options = options
  }

  async nackEntries(request: NackRequest): Promise<NackAnswer> {
    const { group, consumer } = request
    const { commands, deaths, onChanged } = this.#options
    const ids = [...new Map(request.ids.map((id) => [formatId(id), id])).values()]
    const args = { group, consumer, settlement: nackArgs({ ...request, ids }) }
    const [settled = null, died] = replies.list(await commands.script(NACK, request, args))
    deaths.note(request, died)
    const { nacked, notPending } = settledReply(settled)
    if (nacked > 0) onChanged(request)
    return { nacked, notPending: [...notPending] }
  }

  async extendEntries(request: ExtendRequest): Promise<ExtendAnswer> {
    const { group, consumer, ids } = request
    const args = {
      group,
      consumer,
      limit: EXTEND_AT_ONCE,
      maxExamined: MAX_EXAMINED,
      latelyMs: LATELY_MS,
      hasIds: ids !== undefined,
      ids: [...new Set((ids ?? []).map(formatId))]
    }
    const reply = await this.#options.commands.script(EXTEND, request, args)
    const [extended, notPending, timeout, more] = replies.list(reply)
    const answer = {
      extended: replies.count(extended),
      notPending: replies.ids(notPending),
      ackBeforeMs: timeout === null ? null : replies.count(timeout)
    }
    return more === 1 ? { ...answer, more: true } : answer
  }

  /** Releases what a consumer holds, step by step, and deletes it. Returns how many entries it held. */
  async releaseConsumer(request: ConsumerRef): Promise<number> {
    const { group, consumer } = request
    const { commands, onChanged } = this.#options
    let released = 0
    for (let hasMore = true; hasMore; ) {
      const args = { group, consumer, limit: RELEASED_AT_ONCE, isFirst: released === 0 }
      const [step, more] = replies.list(await commands.script(RELEASE_CONSUMER, request, args))
      released += replies.count(step)
      hasMore = more === 1
    }
    if (released > 0) onChanged(request)
    return released
  }
}
