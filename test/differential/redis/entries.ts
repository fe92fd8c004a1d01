import { formatId, placeBefore } from '../../../src/contract/entry-id.ts'
import { id as idOf } from '../../conformance/fixtures.ts'
import type { OperationOf } from '../operation.ts'
import type { Command } from './connection.ts'
import * as replies from './replies.ts'
import { type RedisTurn, Refusal } from './turn.ts'

/*
 * Operations on streams and their entries, as the equivalent commands of Redis.
 */

/** Redis creates empty streams only together with a group. */
export async function ensureStream(turn: RedisTurn, request: OperationOf<'ensureStream'>) {
  const { stream } = request
  const [exists] = await turn.query(['EXISTS', stream])
  if (exists === 1 && request.onlyNew) throw new Refusal('stream-exists')
  if (exists === 0) {
    await turn.execute(
      ['XGROUP', 'CREATE', stream, 'none', '0', 'MKSTREAM'],
      ['XGROUP', 'DESTROY', stream, 'none']
    )
  }
  return { created: exists === 0, ...(await getStream(turn, request)) }
}

export async function getStream(turn: RedisTurn, { stream }: { readonly stream: string }) {
  return replies.streamInfo(stream, await turn.executeOne(['XINFO', 'STREAM', stream]))
}

export async function describeStream(turn: RedisTurn, { stream, limit }: OperationOf<'describeStream'>) {
  const found = await turn.execute(
    ['XINFO', 'STREAM', stream],
    ['XINFO', 'STREAM', stream, 'FULL', 'COUNT', limit]
  )
  return replies.streamDescription(stream, found)
}

export async function setStreamId(turn: RedisTurn, request: OperationOf<'setStreamId'>) {
  const { stream, lastId, entriesAdded, maxDeletedId } = request
  const [set, info] = await turn.execute(
    [
      ...['XSETID', stream, lastId],
      ...option('ENTRIESADDED', entriesAdded),
      ...option('MAXDELETEDID', maxDeletedId)
    ],
    ['XINFO', 'STREAM', stream]
  )
  replies.good(set)
  return replies.streamInfo(stream, info)
}

export async function deleteStream(turn: RedisTurn, { stream }: OperationOf<'deleteStream'>) {
  await turn.executeOne(['DEL', stream])
}

export async function appendEntries(turn: RedisTurn, request: OperationOf<'appendEntries'>) {
  const { stream, createStream, trim } = request
  const last = request.entries.length - 1
  const added = await turn.execute(
    ...request.entries.map(({ id, idMs, fields }, index) => [
      ...['XADD', stream, ...(createStream ? [] : ['NOMKSTREAM'])],
      ...(trim !== undefined && index === last ? trimOf(trim) : []),
      ...[id ?? (idMs === undefined ? '*' : `${idMs}-*`), ...Object.entries(fields).flat()]
    ])
  )
  if (added.includes(null)) throw new Refusal('stream-not-found')
  return added.map(replies.text)
}

export async function listEntries(turn: RedisTurn, request: OperationOf<'listEntries'>) {
  const { stream, from, to, order, limit } = request
  const range = order === 'asc' ? ['XRANGE', stream, from, to] : ['XREVRANGE', stream, to, from]
  const entries = replies.entries(await turn.executeOne([...range, 'COUNT', limit]))
  const start = placeBefore({ from: idOf(from), to: idOf(to), order })
  return { entries, next: entries.at(-1)?.id ?? formatId(start) }
}

export async function getEntry(turn: RedisTurn, { stream, id }: OperationOf<'getEntry'>) {
  const [found] = replies.entries(await turn.executeOne(['XRANGE', stream, id, id]))
  if (found === undefined) throw new Refusal('entry-not-found')
  return found
}

/** Redis only returns a number, so missing entries are searched for before. */
export async function deleteEntries(turn: RedisTurn, { stream, ids }: OperationOf<'deleteEntries'>) {
  const distinct = [...new Set(ids)]
  const found = await turn.execute(...distinct.map((id) => ['XRANGE', stream, id, id]), [
    'XDEL',
    stream,
    ...ids
  ])
  const deleted = replies.count(found.pop())
  return { deleted, notFound: distinct.filter((_, index) => replies.list(found[index]).length === 0) }
}

export async function trimStream(turn: RedisTurn, { stream, trim }: OperationOf<'trimStream'>) {
  return replies.count(await turn.executeOne(['XTRIM', stream, ...trimOf(trim)]))
}

/** Redis leaves out streams without entries, and does not return where to continue. */
export async function readStreams(turn: RedisTurn, request: OperationOf<'readStreams'>) {
  const names = request.streams.map(({ stream }) => stream)
  const found = await turn.execute(
    ...names.map((name) => ['XINFO', 'STREAM', name]),
    ...request.streams.map(({ stream, after }) => {
      return ['XREAD', 'COUNT', request.count, 'STREAMS', stream, after === 'last' ? '$' : after]
    })
  )
  return request.streams.map(({ stream, after }, index) => {
    const [only] = replies.list(found[names.length + index])
    const entries = only === undefined ? [] : replies.entries(replies.list(only)[1])
    const start = after === 'last' ? replies.streamInfo(stream, found[index]).lastId : after
    return { stream, entries, next: entries.at(-1)?.id ?? start }
  })
}

export function trimOf(trim: OperationOf<'trimStream'>['trim']): Command {
  const { maxLength, minId, approximate, limit } = trim
  const [strategy, threshold] = maxLength === undefined ? ['MINID', minId ?? '0-0'] : ['MAXLEN', maxLength]
  return [strategy, approximate ? '~' : '=', threshold, ...option('LIMIT', limit)]
}

export function option(name: string, value: string | number | undefined): Command {
  return value === undefined ? [] : [name, value]
}
