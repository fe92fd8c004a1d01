import type {
  ConsumerPage,
  ConsumerRef,
  Created,
  EnsureGroupRequest,
  GroupInfo,
  GroupPage,
  GroupRef,
  PageRequest,
  StreamRef,
  UpdateGroupRequest
} from '../engine.ts'
import { type EntryId, formatId } from '../entry-id.ts'
import { EngineError } from '../errors.ts'
import type { Calls } from './calls.ts'
import { refusalOf } from './refusals.ts'
import * as replies from './replies.ts'
import * as scripts from './scripts/groups.ts'
import { cursorOfPage, pageStart } from './stream-names.ts'

/** As many cost Redis 0.7 ms, mostly. */
const MAX_LOOKS = 1000

/** Groups and their consumers: what makes, shows, moves and removes them. */
export class Groups {
  readonly #calls: Calls
  readonly #miscounts: () => boolean

  /** `miscounts`: whether a server does (see `Capabilities`). */
  constructor(calls: Calls, miscounts: () => boolean) {
    this.#calls = calls
    this.#miscounts = miscounts
  }

  /** `looks`: at how many pending entries, to tell which of a group is the oldest, and at how many that are to come. */
  async listGroups(request: StreamRef & PageRequest, looks = MAX_LOOKS): Promise<GroupPage> {
    const { stream, limit } = request
    const miscounts = this.#miscounts()
    const args = ['', String(looks), pageStart(request) ?? '', String(limit), miscounts ? '1' : '0']
    const reply = await this.#calls.script(scripts.GROUPS, { stream }, args)
    const groups = replies.groupInfos(reply, miscounts)
    return { groups, ...cursorOfPage(groups, replies.list(reply)[6]) }
  }

  async ensureGroup(request: EnsureGroupRequest): Promise<GroupInfo & Created> {
    const { stream, group, after, entriesRead = '', createStream, onlyNew } = request
    const args = [group, placeArg(after), String(entriesRead), createStream ? '1' : '0']
    const subject = { stream, group, isMaking: createStream }
    const created = (await this.#calls.script(scripts.ENSURE_GROUP, subject, args)) === 1
    if (onlyNew && !created) {
      throw new EngineError('group-exists', `Stream "${stream}" already has a group "${group}"`)
    }
    return { created, ...(await this.getGroup(request)) }
  }

  async getGroup({ stream, group }: GroupRef): Promise<GroupInfo> {
    const subject = { stream, group }
    const miscounts = this.#miscounts()
    const args = [group, String(MAX_LOOKS), '', '1', miscounts ? '1' : '0']
    const [found] = replies.groupInfos(await this.#calls.script(scripts.GROUPS, subject, args), miscounts)
    if (found !== undefined) return found
    throw refusalOf('group-not-found', subject)
  }

  async updateGroup(request: UpdateGroupRequest): Promise<void> {
    const { stream, group, after, entriesRead = '' } = request
    const args = [group, after === undefined ? '' : placeArg(after), String(entriesRead)]
    await this.#calls.script(scripts.UPDATE_GROUP, { stream, group }, args)
  }

  async deleteGroup(request: GroupRef & { readonly dropPending: boolean }): Promise<void> {
    const { stream, group, dropPending } = request
    await this.#calls.script(scripts.DELETE_GROUP, { stream, group }, [group, dropPending ? '1' : '0'])
  }

  async listConsumers(request: GroupRef & PageRequest): Promise<ConsumerPage> {
    const { stream, group, limit } = request
    const args = [group, pageStart(request) ?? '', String(limit)]
    const [page, more] = replies.list(await this.#calls.script(scripts.CONSUMERS, { stream, group }, args))
    const consumers = replies.consumerInfos(page)
    return { consumers, ...cursorOfPage(consumers, more) }
  }

  async ensureConsumer({ stream, group, consumer }: ConsumerRef): Promise<Created> {
    const args = [group, consumer]
    return { created: (await this.#calls.script(scripts.ENSURE_CONSUMER, { stream, group }, args)) === 1 }
  }

  async deleteConsumer(request: ConsumerRef & { readonly dropPending: boolean }): Promise<number> {
    const { stream, group, consumer, dropPending } = request
    const args = [group, consumer, dropPending ? '1' : '0']
    return replies.count(await this.#calls.script(scripts.DELETE_CONSUMER, { stream, group, consumer }, args))
  }
}

function placeArg(after: EntryId | 'last'): string {
  return after === 'last' ? '$' : formatId(after)
}
