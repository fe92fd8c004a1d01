import type { OperationOf } from '../operation.ts'
import type { Command, Reply } from './connection.ts'
import { option } from './entries.ts'
import * as replies from './replies.ts'
import { type RedisTurn, Refusal } from './turn.ts'

/*
 * Operations on groups, their reads and their consumers, as the equivalent commands of Redis.
 */

interface GroupNames {
  readonly stream: string
  readonly group: string
}

export async function listGroups(turn: RedisTurn, { stream }: OperationOf<'listGroups'>) {
  return { groups: replies.list(await turn.executeOne(['XINFO', 'GROUPS', stream])).map(replies.groupInfo) }
}

export async function getGroup(turn: RedisTurn, request: GroupNames) {
  return named(request, await turn.executeOne(['XINFO', 'GROUPS', request.stream]))
}

/** Weir accepts a group that exists, unless the request is only for a new one. */
export async function ensureGroup(turn: RedisTurn, request: OperationOf<'ensureGroup'>) {
  const { stream, group, after, createStream, entriesRead, onlyNew } = request
  const position = [
    positionOf(after),
    ...(createStream ? ['MKSTREAM'] : []),
    ...option('ENTRIESREAD', entriesRead)
  ]
  const [made, groups] = await turn.execute(
    ['XGROUP', 'CREATE', stream, group, ...position],
    ['XINFO', 'GROUPS', stream]
  )
  const existed = made instanceof Error && made.message.startsWith('BUSYGROUP') && !onlyNew
  if (!existed) replies.good(made)
  return { created: !existed, ...named(request, groups) }
}

/** XGROUP SETID always needs an id, so a request without one uses the current id. */
export async function updateGroup(turn: RedisTurn, request: OperationOf<'updateGroup'>) {
  const { stream, group, after, entriesRead } = request
  const before = await getGroup(turn, request)
  if (after === undefined && entriesRead === undefined) return before
  const position = after === undefined ? before.lastDeliveredId : positionOf(after)
  const set: Command = ['XGROUP', 'SETID', stream, group, position, ...option('ENTRIESREAD', entriesRead)]
  const [done, groups] = await turn.execute(set, ['XINFO', 'GROUPS', stream])
  replies.good(done)
  return named(request, groups)
}

export async function deleteGroup(turn: RedisTurn, { stream, group }: OperationOf<'deleteGroup'>) {
  await turn.executeOne(['XGROUP', 'DESTROY', stream, group])
}

/** Returns no delivery counts, because XREADGROUP does not. */
export async function readGroups(turn: RedisTurn, request: OperationOf<'readGroups'>) {
  const { group, consumer, count, noAck } = request
  const names = request.streams.map(({ stream }) => stream)
  const positions = request.streams.map(({ after }) => after ?? '>')
  const options = ['COUNT', count, ...(noAck ? ['NOACK'] : []), 'STREAMS', ...names, ...positions]
  const read = await turn.executeOne(['XREADGROUP', 'GROUP', group, consumer, ...options])
  const streams = replies.list(read).map((one) => {
    const [stream, entries] = replies.list(one)
    return { stream: replies.text(stream), entries: replies.list(entries).map(replies.maybeEntry) }
  })
  return { streams }
}

export async function listConsumers(turn: RedisTurn, { stream, group }: GroupNames) {
  const consumers = await turn.executeOne(['XINFO', 'CONSUMERS', stream, group])
  return { consumers: replies.list(consumers).map(replies.consumerInfo) }
}

export async function ensureConsumer(turn: RedisTurn, request: OperationOf<'ensureConsumer'>) {
  const { stream, group, consumer } = request
  return { created: (await turn.executeOne(['XGROUP', 'CREATECONSUMER', stream, group, consumer])) === 1 }
}

export async function deleteConsumer(turn: RedisTurn, request: OperationOf<'deleteConsumer'>) {
  const { stream, group, consumer } = request
  return replies.count(await turn.executeOne(['XGROUP', 'DELCONSUMER', stream, group, consumer]))
}

function positionOf(after: string): string {
  return after === 'last' ? '$' : after
}

function named({ group }: GroupNames, groups: Reply | undefined) {
  const found = replies.list(groups).map(replies.groupInfo)
  const named = found.find(({ name }) => name === group)
  if (named === undefined) throw new Refusal('group-not-found')
  return named
}
