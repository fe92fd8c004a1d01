import type { ConsumerPage } from '../../contract/consumers.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import type { EnsureGroupRequest, GroupInfo, GroupPage, UpdateGroupRequest } from '../../contract/groups.ts'
import type { ConsumerRef, Created, GroupRef, PageRequest, StreamRef } from '../../contract/refs.ts'
import { pageStart } from '../../semantics/cursor.ts'
import { groupExists } from '../../semantics/refusals.ts'
import { refusalOf } from '../connection/redis-errors.ts'
import * as scripts from '../scripts/generated.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'
import { cursorOfPage } from './stream-names.ts'

/** How many pending entries, and how many undelivered ones, a request may scan. That usually takes Redis 0.7 ms. */
const SCAN_LIMIT = 1000

/** The operations on groups and their consumers, except those on their entries. */
export class Groups {
  readonly #commands: StreamCommands
  readonly #miscounts: () => boolean

  /** `miscounts`: whether a server miscounts (see `Capabilities`). */
  constructor(commands: StreamCommands, miscounts: () => boolean) {
    this.#commands = commands
    this.#miscounts = miscounts
  }

  /** `scanLimit`: how many pending entries to scan for the oldest one, and how many undelivered entries to count. */
  async listGroups(request: StreamRef & PageRequest, scanLimit = SCAN_LIMIT): Promise<GroupPage> {
    const { stream, limit } = request
    const miscounts = this.#miscounts()
    const args = { scanLimit, after: pageStart(request) ?? '', limit, isCounting: miscounts }
    const reply = await this.#commands.script(scripts.GROUPS, { stream }, args)
    const groups = replies.groupInfos(reply, miscounts)
    return { groups, ...cursorOfPage(groups, replies.list(reply)[6]) }
  }

  async ensureGroup(request: EnsureGroupRequest): Promise<GroupInfo & Created> {
    const { stream, group, after, entriesRead, createStream, onlyNew } = request
    const args = { group, after: positionArg(after), entriesRead, createStream }
    const subject = { stream, group, isCreating: createStream }
    const created = (await this.#commands.script(scripts.ENSURE_GROUP, subject, args)) === 1
    if (onlyNew && !created) {
      throw groupExists(stream, group)
    }
    return { created, ...(await this.getGroup(request)) }
  }

  async getGroup({ stream, group }: GroupRef): Promise<GroupInfo> {
    const subject = { stream, group }
    const miscounts = this.#miscounts()
    const args = { groupName: group, scanLimit: SCAN_LIMIT, after: '', limit: 1, isCounting: miscounts }
    const [found] = replies.groupInfos(await this.#commands.script(scripts.GROUPS, subject, args), miscounts)
    if (found !== undefined) return found
    throw refusalOf('group-not-found', subject)
  }

  async updateGroup(request: UpdateGroupRequest): Promise<void> {
    const { stream, group, after, entriesRead } = request
    const args = { group, after: after === undefined ? undefined : positionArg(after), entriesRead }
    await this.#commands.script(scripts.UPDATE_GROUP, { stream, group }, args)
  }

  async deleteGroup(request: GroupRef & { readonly dropPending: boolean }): Promise<void> {
    const { stream, group, dropPending } = request
    await this.#commands.script(scripts.DELETE_GROUP, { stream, group }, { group, dropPending })
  }

  async listConsumers(request: GroupRef & PageRequest): Promise<ConsumerPage> {
    const { stream, group, limit } = request
    const args = { group, after: pageStart(request) ?? '', limit }
    const [page, more] = replies.list(await this.#commands.script(scripts.CONSUMERS, { stream, group }, args))
    const consumers = replies.consumerInfos(page)
    return { consumers, ...cursorOfPage(consumers, more) }
  }

  async ensureConsumer({ stream, group, consumer }: ConsumerRef): Promise<Created> {
    const args = { group, consumer }
    return { created: (await this.#commands.script(scripts.ENSURE_CONSUMER, { stream, group }, args)) === 1 }
  }

  async deleteConsumer(request: ConsumerRef & { readonly dropPending: boolean }): Promise<number> {
    const { stream, group, consumer, dropPending } = request
    const args = { group, consumer, dropPending }
    return replies.count(
      await this.#commands.script(scripts.DELETE_CONSUMER, { stream, group, consumer }, args)
    )
  }
}

function positionArg(after: EntryId | 'last'): string {
  return after === 'last' ? '$' : formatId(after)
}
