import type { DeadPage, ListDeadRequest, RedriveAnswer, RedriveRequest } from '../../contract/dead.ts'
import { MAX_MISSING } from '../../contract/delivery-policy.ts'
import { type EntryId, formatId, parseId } from '../../contract/entry-id.ts'
import type { GroupRef } from '../../contract/refs.ts'
import { ANSWER_BYTES } from '../../semantics/answer-size.ts'
import { cursorAfter, pageStart } from '../../semantics/cursor.ts'
import type { Reply } from '../connection/client.ts'
import { LIST_DEAD, REDRIVE, REDRIVE_LETTERS } from '../scripts/generated.ts'
import { contentOf, textOf } from './fields.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'

/** How many dead entries a step examines. */
const EXAMINED_AT_ONCE = 1000

/** The operations on dead entries. */
export class DeadEntries {
  readonly #commands: StreamCommands
  readonly #onChanged: (group: GroupRef) => void

  /** `onChanged` is called when entries of a group became due. */
  constructor(commands: StreamCommands, onChanged: (group: GroupRef) => void) {
    this.#commands = commands
    this.#onChanged = onChanged
  }

  async listDead(request: ListDeadRequest): Promise<DeadPage> {
    const { group, limit } = request
    const start = pageStart(request)
    // An invalid cursor is refused like one that does not decode.
    if (start !== null && parseId(start) === null) pageStart({ cursor: '=' })
    const args = { group, after: start ?? '', limit, budgetBytes: ANSWER_BYTES }
    const [rows, more] = replies.list(await this.#commands.script(LIST_DEAD, request, args))
    const dead = replies.list(rows).map((row) => {
      const [id, fields, deliveries, consumer, reason, deadAt] = replies.list(row)
      return {
        ...(Array.isArray(fields) ? contentOf(fields) : { fields: null }),
        id: replies.id(id),
        deliveries: replies.count(deliveries),
        consumer: consumer === null ? null : textOf(consumer),
        ...(reason !== null && { reason: textOf(reason) }),
        deadAt: replies.count(textOf(deadAt))
      }
    })
    const last = dead.at(-1)
    return { dead, ...cursorAfter(more === 1 && last !== undefined ? formatId(last.id) : null) }
  }

  async redriveEntries(request: RedriveRequest): Promise<RedriveAnswer> {
    const steps = new RedriveSteps(this.#commands, request)
    try {
      await steps.run()
    } finally {
      if (steps.redriven > 0) this.#onChanged(request)
    }
    return steps.answer()
  }
}

/** One redrive, with what its steps have done so far. */
class RedriveSteps {
  readonly #commands: StreamCommands
  readonly #request: RedriveRequest
  readonly #missing: EntryId[] = []
  redriven = 0
  #notDead: EntryId[] = []

  constructor(commands: StreamCommands, request: RedriveRequest) {
    this.#commands = commands
    this.#request = request
  }

  answer(): RedriveAnswer {
    const missing = this.#missing.slice(0, MAX_MISSING)
    return { redriven: this.redriven, notDead: this.#notDead, missing }
  }

  async run(): Promise<void> {
    const { group, ids, deadLetterStream } = this.#request
    let after = ''
    let hasMore = true
    while (hasMore) {
      const args = {
        group,
        after,
        limit: this.#left,
        maxExamined: EXAMINED_AT_ONCE,
        letterStream: deadLetterStream,
        hasIds: ids !== undefined,
        ids: [...new Set((ids ?? []).map(formatId))]
      }
      const reply = replies.list(await this.#commands.script(REDRIVE, this.#request, args))
      const [redriven, notDead, missing, next] = reply
      this.redriven += replies.count(redriven)
      if (ids !== undefined) this.#notDead = replies.ids(notDead)
      this.#note(missing)
      hasMore = next !== null && next !== undefined && this.#left > 0
      after = textOf(next)
    }
    if (deadLetterStream !== undefined && this.#left > 0) await this.#takeLettersBack(deadLetterStream)
  }

  get #left(): number {
    return this.#request.limit - this.redriven
  }

  async #takeLettersBack(letterStream: string): Promise<void> {
    const { group, ids } = this.#request
    const wanted = new Set(this.#notDead.map(formatId))
    if (ids !== undefined && wanted.size === 0) return
    let from = '-'
    for (let hasMore = true; hasMore; ) {
      const args = {
        group,
        letterStream,
        from,
        limit: this.#left,
        hasIds: ids !== undefined,
        ids: [...wanted]
      }
      const reply = replies.list(await this.#commands.script(REDRIVE_LETTERS, this.#request, args))
      const [redriven, missing, found, next] = reply
      this.redriven += replies.count(redriven)
      this.#note(missing)
      for (const id of replies.texts(found)) wanted.delete(id)
      hasMore = next !== null && this.#left > 0 && (ids === undefined || wanted.size > 0)
      from = textOf(next)
    }
    this.#notDead = this.#notDead.filter((id) => wanted.has(formatId(id)))
  }

  #note(missing: Reply | undefined): void {
    if (this.#missing.length < MAX_MISSING) this.#missing.push(...replies.ids(missing))
  }
}
