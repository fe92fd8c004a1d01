import { Type } from '@sinclair/typebox'
import { formatId } from '../../contract/entry-id.ts'
import { requireScope } from '../access/guard.ts'
import { refuseBoth, withIds } from '../ids.ts'
import { claimedJson, fieldBytesOf, sendBytes } from '../json-answer.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { idOrNull } from '../stream-answer.ts'
import { FIRST, IDLE_MS } from './examples.ts'
import { GROWTH, operation } from './operation.ts'
import { countDelivered } from './reading.ts'
import { PassOver } from './reading-schemas.ts'
import {
  AnswerId,
  Closed,
  Count,
  Default,
  encoded,
  Fields,
  Flag,
  GroupPath,
  Id,
  Ids,
  Name,
  NextCursor,
  Nullable,
  PageQuery,
  PageSize,
  RangeQuery
} from './schemas.ts'
import type { Services } from './services.ts'

const PendingEntry = Type.Object(
  {
    id: AnswerId('The id of the entry.'),
    consumer: Nullable(
      Type.String({ description: 'The consumer that it is pending for. Null if it was nacked.' })
    ),
    idleMs: Count(
      'Time since it was last delivered or extended, in milliseconds. For a nacked entry, time since it fell due.'
    ),
    deliveries: Count('Number of times it was delivered.'),
    state: Type.String({
      description:
        '`leased`: its consumer is processing it. `due`: the next reader of the group gets it, but until then its consumer may still ack it. `delayed`: it was nacked and waits to be due.'
    }),
    dueInMs: Type.Optional(
      Count('Time until it is due, in milliseconds. Omitted if it is due, or never falls due by itself.')
    )
  },
  { $id: 'PendingEntry', description: 'An entry that was delivered but not yet acked.' }
)

const listPending = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/groups/:group/pending',
    params: GroupPath,
    querystring: Closed({
      ...RangeQuery,
      limit: PageSize('Maximum number of entries on the page.', 100),
      consumer: Type.Optional(Name('Only entries pending for this consumer', 'ann')),
      minIdleMs: Default(
        Count('Only entries that have been idle for at least this long, in milliseconds.'),
        0
      )
    })
  },
  {
    operationId: 'listPending',
    summary: 'List pending entries',
    description:
      'Returns a page of pending entries in the order of their ids. For the next page, send the last id of this one as ' +
      '`after`. The page is empty for a consumer that the group does not have.',
    redis: '`XPENDING`, long form',
    tag: 'groups',
    scope: 'read',
    answer: {
      description: 'The pending entries.',
      schema: Type.Object(
        { pending: Type.Array(PendingEntry, { description: 'The entries of the page.' }) },
        { $id: 'PendingList', description: 'Pending entries.' }
      ),
      example: {
        pending: [{ id: FIRST.id, consumer: 'ann', idleMs: IDLE_MS, deliveries: 1, state: 'leased' }]
      }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id']
  },
  ({ engine }: Services) =>
    async ({ params, query }) => {
      const { from, after, to, before, ...filter } = query
      refuseBoth(query, '/query', 'from', 'after')
      refuseBoth(query, '/query', 'to', 'before')
      const range = withIds((ids) => ({ from: ids.lower(from, after), to: ids.upper(to, before) }))
      const found = await engine.listPending({ ...params, ...range, ...filter })
      return { pending: found.map((entry) => ({ ...entry, id: formatId(entry.id) })) }
    }
)

const ConsumerPendingCount = Type.Object(
  {
    name: Type.String({ description: 'The name of the consumer.' }),
    count: Count('Number of its pending entries.')
  },
  { $id: 'ConsumerPendingCount', description: 'A consumer and the number of its pending entries.' }
)

const getPendingSummary = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/groups/:group/pending/summary',
    params: GroupPath,
    querystring: Closed(PageQuery('consumers'))
  },
  {
    operationId: 'getPendingSummary',
    summary: 'Count pending entries',
    description:
      'Returns the number of pending entries in the group, their lowest and highest id, and a page of the consumers that ' +
      'have pending entries, in the byte order of their names. Nacked entries are pending for no consumer. A page may have fewer consumers than `limit`, or none, ' +
      'without being the last one. Only the last page has no `cursor`.',
    redis: '`XPENDING`, short form',
    tag: 'groups',
    scope: 'read',
    answer: {
      description: 'The counts.',
      schema: Type.Object(
        {
          count: Count('Number of pending entries.'),
          firstId: Nullable(AnswerId('The lowest pending id. Null if nothing is pending.')),
          lastId: Nullable(AnswerId('The highest pending id. Null if nothing is pending.')),
          consumers: Type.Array(ConsumerPendingCount, {
            description: 'Consumers that have pending entries.'
          }),
          cursor: NextCursor
        },
        { $id: 'PendingSummary', description: 'A summary of the pending entries of a group.' }
      ),
      example: { count: 1, firstId: FIRST.id, lastId: FIRST.id, consumers: [{ name: 'ann', count: 1 }] }
    },
    problems: ['stream-not-found', 'group-not-found']
  },
  ({ engine }: Services) =>
    async ({ params, query }) => {
      const summary = await engine.getPendingSummary({ ...params, ...query })
      return { ...summary, firstId: idOrNull(summary.firstId), lastId: idOrNull(summary.lastId) }
    }
)

const ClaimedEntry = Type.Object(
  {
    id: AnswerId('The id of the entry.'),
    fields: Type.Optional(Fields),
    deliveries: Count('Number of times it was delivered, including this time.'),
    ...encoded
  },
  {
    $id: 'ClaimedEntry',
    description: 'A claimed entry. With `justIds`, it has no `fields`.'
  }
)
const claimed = {
  entries: Type.Array(ClaimedEntry, { description: 'The claimed entries.' }),
  deletedIds: Type.Array(AnswerId('An id.'), {
    description: 'Pending ids whose entries no longer exist. The request removed them from the pending list.'
  })
}
const justIds = Flag('Return entries without fields, and do not count this as a delivery.', false)

const ClaimRequest = Closed(
  {
    consumer: Name('The consumer that claims, created if it does not exist', 'bob'),
    ids: Ids('The ids of the entries to claim.'),
    minIdleMs: Default(Count('Only entries that have been idle for at least this long, in milliseconds.'), 0),
    idleMs: Type.Optional(
      Count(
        'Set the idle time, in milliseconds. Cannot be combined with `deliveredAt`. A delivery before 1970 counts as one in 1970.'
      )
    ),
    deliveredAt: Type.Optional(
      Count(
        'Set the time of the last delivery, in milliseconds since the epoch. Cannot be combined with `idleMs`. A time in the future means now.'
      )
    ),
    deliveries: Type.Optional(Count('Set the delivery count instead of incrementing it.')),
    onlyFrom: Type.Optional(Name('Claim only entries that are pending for this consumer', 'ann')),
    force: Flag('Also claim entries of the stream that are not pending.', false),
    justIds,
    lastId: Type.Optional(
      Id(
        'Move the group forward to this id. It never moves back, and cannot move past the last id of the stream. Requires the scope `manage`.'
      )
    )
  },
  { $id: 'ClaimRequest', description: 'Entries to claim.' }
)

const claimEntries = operation(
  { method: 'POST', path: '/v1/streams/:stream/groups/:group/claim', params: GroupPath, body: ClaimRequest },
  {
    operationId: 'claimEntries',
    summary: 'Claim pending entries by id',
    description:
      'Assigns the entries to the consumer, whichever consumer they are pending for now, if they have been idle for at ' +
      'least `minIdleMs`. Dead entries and delayed ones are not claimed. In a group with `maxDeliveries`, a claim counts as ' +
      'a failed delivery, and an entry without deliveries left is dead instead of claimed. A response contains at most 16 MiB of entries, or a single larger entry. Ids that do not fit ' +
      'are not claimed and are in neither list.',
    redis: '`XCLAIM`',
    tag: 'groups',
    scope: 'consume',
    example: { consumer: 'bob', ids: [FIRST.id], minIdleMs: 0 },
    answer: {
      description: 'The claimed entries.',
      schema: Type.Object(claimed, { $id: 'ClaimedEntries', description: 'Claimed entries.' }),
      example: { entries: [{ ...FIRST, deliveries: 2 }], deletedIds: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', 'id-too-high', 'entry-damaged', ...GROWTH]
  },
  ({ engine, metrics, answerQueue }: Services) =>
    async (http, reply) => {
      const { params, body } = http
      const { lastId, ...how } = body
      if (lastId !== undefined) {
        const detail = 'Moving the group requires the scope "manage"'
        requireScope(http, 'manage', params.stream, { pointer: '/lastId', detail })
      }
      refuseBoth(body, '', 'idleMs', 'deliveredAt')
      const request = withIds((ids) => ({
        ...params,
        ...how,
        ids: ids.ids(body.ids, '/ids'),
        ...(lastId !== undefined && { lastId: ids.id(lastId, '/lastId') })
      }))
      if (!how.justIds) await answerQueue.enter(exchangeOf(reply.raw))
      const claimed = await engine.claimEntries(request)
      countDelivered(metrics, claimed.entries)
      return sendBytes(reply, fieldBytesOf(claimed.entries), () => `{${claimedJson(claimed)}}`, true)
    }
)

const AutoClaimRequest = Closed(
  {
    consumer: Name('The consumer that claims, created if it does not exist', 'bob'),
    minIdleMs: Count('Only entries that have been idle for at least this long, in milliseconds.'),
    from: Default(
      Id(
        'Scan pending entries from this id on. To continue a scan, send the `next` of the previous response.'
      ),
      '0-0'
    ),
    count: PageSize('Maximum number of entries to claim.', 100),
    maxDeliveries: Type.Optional(PassOver('')),
    justIds
  },
  { $id: 'AutoClaimRequest', description: 'Which pending entries to claim.' }
)

const autoClaimEntries = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/groups/:group/autoclaim',
    params: GroupPath,
    body: AutoClaimRequest
  },
  {
    operationId: 'autoClaimEntries',
    summary: 'Claim pending entries by idle time',
    description:
      'Scans at most ten times `count` pending entries, in the order of their ids, and claims those that have been idle ' +
      'for at least `minIdleMs`, as `claimEntries` does. To continue, send `next` as `from`, until it is "0-0".',
    redis: '`XAUTOCLAIM`',
    tag: 'groups',
    scope: 'consume',
    example: { consumer: 'bob', minIdleMs: 0, from: '0-0', count: 100 },
    answer: {
      description: 'The claimed entries, and where to continue.',
      schema: Type.Object(
        { next: AnswerId('Where to continue. "0-0" at the end.'), ...claimed },
        { $id: 'AutoClaimedEntries', description: 'Claimed entries, and where to continue.' }
      ),
      example: { next: '0-0', entries: [{ ...FIRST, deliveries: 2 }], deletedIds: [] }
    },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', 'entry-damaged', ...GROWTH]
  },
  ({ engine, metrics, answerQueue }: Services) =>
    async ({ params, body }, reply) => {
      const request = withIds((ids) => ({ ...params, ...body, from: ids.id(body.from, '/from') }))
      if (!body.justIds) await answerQueue.enter(exchangeOf(reply.raw))
      const claimed = await engine.autoClaimEntries(request)
      countDelivered(metrics, claimed.entries)
      const json = () => `{"next":"${formatId(claimed.next)}",${claimedJson(claimed)}}`
      return sendBytes(reply, fieldBytesOf(claimed.entries), json, true)
    }
)

/** Operations that list and claim pending entries. */
export const PENDING_OPERATIONS = [listPending, getPendingSummary, claimEntries, autoClaimEntries]
