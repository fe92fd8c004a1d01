import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type {
  AckAnswer,
  AckRequest,
  AutoClaimRequest,
  ClaimAnswer,
  ClaimRequest,
  ListPendingRequest,
  PendingEntry,
  PendingSummary
} from '../../contract/pending.ts'
import type { GroupRef, PageRequest } from '../../contract/refs.ts'
import { ANSWER_BYTES } from '../../semantics/answer-size.ts'
import { pageStart } from '../../semantics/cursor.ts'
import * as scripts from '../scripts/generated.ts'
import type { DeathCounts } from './death-counts.ts'
import type { Queues } from './queues.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'
import { cursorOfPage } from './stream-names.ts'

export interface PendingListsOptions {
  readonly commands: StreamCommands
  readonly deaths: DeathCounts
  readonly queues: Queues
  /** Called when a group may have room for further pending entries. */
  readonly onRoom: (group: GroupRef) => void
}

/** The operations on pending entries: acks, claims and lists. */
export class PendingLists {
  readonly #commands: StreamCommands
  readonly #deaths: DeathCounts
  readonly #queues: Queues
  readonly #onRoom: (group: GroupRef) => void

  constructor({ commands, deaths, queues, onRoom }: PendingListsOptions) {
    this.#commands = commands
    this.#deaths = deaths
    this.#queues = queues
    this.#onRoom = onRoom
  }

  async ackEntries(request: AckRequest): Promise<AckAnswer> {
    const { group, consumer, ids } = request
    const args = { group, consumer, ids: [...new Set(ids.map(formatId))] }
    const reply = await this.#queues.run(
      request,
      () => this.#commands.script(scripts.ACK, request, args),
      () => this.#commands.script(scripts.ACK_QUEUE, request, args)
    )
    const [acked, notPending, isLimited, isQueue] = replies.list(reply)
    if (isQueue !== 1) this.#queues.forget(request)
    if (isLimited === 1) this.#onRoom(request)
    return { acked: replies.count(acked), notPending: replies.ids(notPending) }
  }

  async listPending(request: ListPendingRequest, ends: readonly [string, string]): Promise<PendingEntry[]> {
    const { group, minIdleMs, limit, consumer } = request
    const [from, to] = ends
    const args = { group, minIdle: minIdleMs, from, to, limit, consumer }
    return replies.pendingEntries(await this.#commands.script(scripts.LIST_PENDING, request, args))
  }

  async getPendingSummary(request: GroupRef & PageRequest): Promise<PendingSummary> {
    const args = { group: request.group, after: pageStart(request) ?? '', limit: request.limit }
    const reply = await this.#commands.script(scripts.PENDING_SUMMARY, request, args)
    const summary = replies.pendingSummary(reply)
    return { ...summary, ...cursorOfPage(summary.consumers, replies.list(reply)[4]) }
  }

  async claimEntries(request: ClaimRequest): Promise<ClaimAnswer> {
    const { group, consumer, minIdleMs, force, justIds, deliveries, lastId, ids } = request
    const { idleMs, deliveredAt, onlyFrom } = request
    const args = {
      group,
      consumer,
      minIdle: minIdleMs,
      force,
      justIds,
      deliveries: deliveries === undefined ? undefined : String(deliveries),
      lastId: lastId === undefined ? undefined : formatId(lastId),
      idle: idleMs,
      deliveredAt,
      onlyFrom,
      budgetBytes: ANSWER_BYTES,
      ids: ids.map(formatId)
    }
    const reply = replies.list(await this.#commands.script(scripts.CLAIM, request, args))
    const [entries, deleted, deaths] = reply
    if (this.#deaths.note(request, deaths) > 0) this.#onRoom(request)
    return { entries: replies.claimed(entries, justIds), deletedIds: replies.ids(deleted) }
  }

  async autoClaimEntries(request: AutoClaimRequest): Promise<ClaimAnswer & { next: EntryId }> {
    const { group, consumer, minIdleMs, from, count, justIds, maxDeliveries } = request
    const args = {
      group,
      consumer,
      minIdle: minIdleMs,
      from: formatId(from),
      count,
      justIds,
      maxDeliveries,
      budgetBytes: ANSWER_BYTES
    }
    const reply = replies.list(await this.#commands.script(scripts.AUTO_CLAIM, request, args))
    const [next, entries, deleted, deaths] = reply
    if (this.#deaths.note(request, deaths) > 0) this.#onRoom(request)
    return {
      next: replies.id(next),
      entries: replies.claimed(entries, justIds),
      deletedIds: replies.ids(deleted)
    }
  }
}
