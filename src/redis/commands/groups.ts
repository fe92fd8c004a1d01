import type { ConsumerPage } from '../../contract/consumers.ts'
import { type EntryId, formatId } from '../../contract/entry-id.ts'
import { EngineError } from '../../contract/errors.ts'
import type { EnsureGroupRequest, GroupInfo, GroupPage, UpdateGroupRequest } from '../../contract/groups.ts'
import type { ConsumerRef, Created, GroupRef, PageRequest, StreamRef } from '../../contract/refs.ts'
import { pageStart } from '../../semantics/cursor.ts'
import { policyOrNull } from '../../semantics/delivery-policy.ts'
import { groupExists } from '../../semantics/refusals.ts'
import { refusalOf } from '../connection/redis-errors.ts'
import * as scripts from '../scripts/generated.ts'
import type { Policies } from './policies.ts'
import * as replies from './replies.ts'
import type { StreamCommands } from './stream-commands.ts'
import { cursorOfPage } from './stream-names.ts'

/** How many pending entries, and how many undelivered ones, a request may scan. That usually takes Redis 0.7 ms. */
const SCAN_LIMIT = 1000

/** The refusals of a group that does not exist. */
const MISSING: ReadonlySet<string> = new Set(['stream-not-found', 'group-not-found'])

/** The operations on groups and their consumers, except those on their entries. */
export class Groups {
  readonly #commands: StreamCommands
  readonly #policies: Policies
  readonly #miscounts: () => boolean

  /** `miscounts`: whether a server miscounts (see `Capabilities`). */
  constructor(commands: StreamCommands, policies: Policies, miscounts: () => boolean) {
    this.#commands = commands
    this.#policies = policies
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
    const policy = await this.#policyOfNew(request)
    const args = { group, after: positionArg(after), entriesRead, createStream, policy }
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
    const { stream, group, after, entriesRead, delivery } = request
    // A missing group is refused before its policy.
    if (delivery !== undefined) await this.#probe(request)
    const args = {
      group,
      after: after === undefined ? undefined : positionArg(after),
      entriesRead,
      policy: delivery === undefined ? undefined : await this.#policies.checked(stream, delivery)
    }
    await this.#commands.script(scripts.UPDATE_GROUP, { stream, group }, args)
  }

  /** The policy as the script expects it. Undefined if there is none, or if the group exists. */
  async #policyOfNew(request: EnsureGroupRequest): Promise<string | undefined> {
    const policy = policyOrNull(request.delivery)
    if (policy === null) return undefined
    try {
      await this.#probe(request)
      return undefined
    } catch (error) {
      if (!(error instanceof EngineError) || !MISSING.has(error.code)) throw error
      return this.#policies.checked(request.stream, policy)
    }
  }

  async #probe({ stream, group }: GroupRef): Promise<void> {
    await this.#commands.script(scripts.PROBE_GROUP, { stream, group }, { group, isClaiming: false })
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

  /** Deletes a consumer, and drops what it holds or refuses. */
  async deleteConsumer(request: ConsumerRef, dropPending: boolean): Promise<number> {
    const { stream, group, consumer } = request
    const args = { group, consumer, dropPending }
    return replies.count(
      await this.#commands.script(scripts.DELETE_CONSUMER, { stream, group, consumer }, args)
    )
  }
}

function positionArg(after: EntryId | 'last'): string {
  return after === 'last' ? '$' : formatId(after)
}
