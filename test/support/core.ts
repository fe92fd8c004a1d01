import type { EntryId } from '../../src/contract/entry-id.ts'
import { formatId, parseId } from '../../src/contract/entry-id.ts'
import type { Change } from '../../src/embedded/core/change.ts'
import type { Decision } from '../../src/embedded/core/decide/decision.ts'
import * as entries from '../../src/embedded/core/decide/entries.ts'
import * as groups from '../../src/embedded/core/decide/groups.ts'
import * as pending from '../../src/embedded/core/decide/pending.ts'
import type { GroupDelivery } from '../../src/embedded/core/decide/reading.ts'
import { readGroups } from '../../src/embedded/core/decide/reads.ts'
import { undoDelivery } from '../../src/embedded/core/decide/undo.ts'
import { Streams } from '../../src/embedded/core/streams.ts'
import * as view from '../../src/embedded/core/view.ts'

/** Parses an id. Throws if the text is not a valid id. */
export function id(text: string): EntryId {
  const parsed = parseId(text)
  if (parsed === null) throw new Error(`${text} is not a valid id`)
  return parsed
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function fieldsJson(fields: Record<string, string>): Uint8Array {
  return encoder.encode(JSON.stringify(fields))
}

export function fieldsOf(json: Uint8Array): Record<string, string> {
  return JSON.parse(decoder.decode(json))
}

/**
 * The core alone. Each request is decided and applied at once, for the stream `orders` and the group `billing` unless
 * a test names others. `at` is the time in milliseconds, which only the test changes.
 */
export class Core {
  readonly streams: Streams
  /** All changes, as the journal would contain them. */
  readonly changes: Change[] = []
  at = 1000

  /** How many more entries may become pending. */
  get pendingLeft(): number {
    return Number.POSITIVE_INFINITY
  }

  constructor(streams = new Streams()) {
    this.streams = streams
  }

  commit<A>(decision: Decision<A>): A {
    for (const change of decision.changes) {
      this.streams.apply(change)
      this.changes.push(change)
    }
    return decision.answer
  }

  append(texts: readonly string[], stream = 'orders'): string[] {
    const request = {
      stream,
      createStream: true,
      entries: texts.map((text) => ({ id: id(text), fields: fieldsJson({ n: text }) }))
    }
    return this.commit(entries.appendEntries(this.streams, request, this.at)).map(formatId)
  }

  delete(texts: readonly string[], stream = 'orders'): void {
    this.commit(entries.deleteEntries(this.streams, { stream, ids: texts.map(id) }))
  }

  trim(trim: { maxLength?: number; minId?: EntryId; approximate?: boolean; limit?: number }): number {
    return this.commit(
      entries.trimStream(this.streams, { stream: 'orders', trim: { approximate: false, ...trim } })
    )
  }

  group(name = 'billing', after = '0-0', entriesRead?: number): void {
    const request = { stream: 'orders', group: name, after: id(after), createStream: true, onlyNew: false }
    this.commit(
      groups.ensureGroup(
        this.streams,
        { ...request, ...(entriesRead !== undefined && { entriesRead }) },
        this.at
      )
    )
  }

  moveGroup(after: string): void {
    const request = { stream: 'orders', group: 'billing', after: id(after) }
    this.commit(groups.updateGroup(this.streams, request, this.at))
  }

  /** Reads as a consumer. Returns the entries as `id×deliveries`, and a function that undoes the delivery. */
  read(
    consumer: string,
    options: { count?: number; noAck?: boolean; after?: string; claimIdleMs?: number; group?: string } = {}
  ): { entries: string[]; undo: () => void } {
    const { count = 10, noAck = false, after, claimIdleMs, group = 'billing' } = options
    const stream = { stream: 'orders', ...(after !== undefined && { after: id(after) }) }
    const request = { group, consumer, count, noAck, waitMs: 0, streams: [stream] }
    const reading = this.commit(
      readGroups(this.streams, { ...request, ...(claimIdleMs !== undefined && { claimIdleMs }) }, this.at)
    )
    const entries = reading.streams.flatMap((read) => read.entries)
    return {
      entries: entries.map((entry) => `${formatId(entry.id)}×${entry.deliveries}`),
      undo: () => this.undo(reading.deliveries)
    }
  }

  undo(given: readonly GroupDelivery[]): void {
    for (const one of given) this.commit({ changes: undoDelivery(this.streams, one), answer: undefined })
  }

  ack(texts: readonly string[], consumer?: string): number {
    const request = { stream: 'orders', group: 'billing', ids: texts.map(id) }
    return this.commit(
      pending.ackEntries(this.streams, { ...request, ...(consumer !== undefined && { consumer }) })
    ).acked
  }

  ensureConsumer(consumer: string): void {
    const request = { stream: 'orders', group: 'billing', consumer }
    this.commit(groups.ensureConsumer(this.streams, request, this.at))
  }

  /** Also drops the pending entries of the consumer. */
  deleteConsumer(consumer: string): void {
    const request = { stream: 'orders', group: 'billing', consumer, pending: 'drop' } as const
    this.commit(groups.deleteConsumer(this.streams, request))
  }

  /** The pending entries as `id consumer×deliveries`. */
  pending(group = 'billing'): string[] {
    const found = this.streams.group({ stream: 'orders', group })
    return [...found.pending.ascend(0n)].map(
      (state) => `${formatId(state.id)} ${state.owner?.name ?? 'nobody'}×${state.deliveries}`
    )
  }

  info(group = 'billing') {
    return view.groupInfo(this.streams.group({ stream: 'orders', group }), this.at)
  }
}
