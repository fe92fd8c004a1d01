import { Type } from '@sinclair/typebox'
import { MAX_MISSING } from '../../contract/delivery-policy.ts'
import { requireScope } from '../access/guard.ts'
import { withIds } from '../ids.ts'
import { deadJson, fieldBytesOf, idsJson, sendAscii, sendBytes } from '../json-answer.ts'
import { DEAD_AT, FIRST, MISSING_ID, REASON } from './examples.ts'
import { CHANGE, operation } from './operation.ts'
import {
  ANSWER_LIMIT,
  AnswerId,
  Closed,
  Count,
  encoded,
  Fields,
  GroupPath,
  Ids,
  MAX_ITEMS,
  NextCursor,
  Nullable,
  PageQuery,
  PageSize
} from './schemas.ts'
import type { Services } from './services.ts'

const DeadEntry = Type.Object(
  {
    id: AnswerId('The id of the entry.'),
    fields: Nullable(Fields, 'The content of the entry. Null if the entry was deleted or trimmed since.'),
    deliveries: Count('Number of times it was delivered.'),
    consumer: Nullable(
      Type.String({ description: 'The consumer that received it last. Null if it was pending for none.' })
    ),
    reason: Type.Optional(
      Type.String({
        description:
          'Why it is dead: the `reason` of a nack, or a sentence of the server. Omitted if there is none.'
      })
    ),
    deadAt: Count('When it died, in milliseconds since the epoch.'),
    ...encoded
  },
  { $id: 'DeadEntry', description: 'An entry that is not delivered any more.' }
)

const listDead = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/groups/:group/dead',
    params: GroupPath,
    querystring: Closed(PageQuery('entries'))
  },
  {
    operationId: 'listDead',
    summary: 'List dead entries',
    description:
      'Returns a page of the dead entries of the group, in the order of their ids. The last page has no `cursor`. Entries ' +
      'that were moved to a dead-letter stream are not in the list: read that stream instead. ' +
      ANSWER_LIMIT,
    tag: 'dead',
    scope: 'read',
    loadsEntries: true,
    answer: {
      description: 'A page of dead entries.',
      schema: Type.Object(
        {
          dead: Type.Array(DeadEntry, { description: 'The entries of the page.' }),
          cursor: NextCursor
        },
        { $id: 'DeadList', description: 'A page of the dead entries of a group.' }
      ),
      example: {
        dead: [{ ...FIRST, deliveries: 1, consumer: 'ann', reason: REASON, deadAt: DEAD_AT }]
      }
    },
    problems: ['stream-not-found', 'group-not-found', 'entry-damaged']
  },
  ({ engine }: Services) =>
    async ({ params, query }, reply) => {
      const page = await engine.listDead({ ...params, ...query })
      return sendBytes(reply, fieldBytesOf(page.dead), () => deadJson(page))
    }
)

const RedriveRequest = Closed(
  {
    ids: Type.Optional(
      Ids(
        'The ids of the entries to redrive. For entries in the dead-letter stream, these are the ids of the original entries. If omitted, the first dead entries are redriven.'
      )
    ),
    limit: PageSize(
      'Maximum number of entries to redrive. Ids in the request beyond it are in no list of the response.',
      MAX_ITEMS
    )
  },
  { $id: 'RedriveRequest', description: 'Which dead entries to redrive.' }
)

const redriveEntries = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/groups/:group/redrive',
    params: GroupPath,
    body: RedriveRequest
  },
  {
    operationId: 'redriveEntries',
    summary: 'Deliver dead entries again',
    description:
      'Makes dead entries pending again, due at once, with a delivery count of 0: first those in the group, and then those ' +
      'in the dead-letter stream of its delivery policy, from which they are deleted. If the group has a dead-letter ' +
      'stream, the request also requires the scope `manage` on that stream. To redrive all entries, repeat the request ' +
      'until `redriven` is 0.',
    tag: 'dead',
    scope: 'manage',
    example: { ids: [FIRST.id, MISSING_ID] },
    answer: {
      description: 'How many entries were redriven, and which were not.',
      schema: Type.Object(
        {
          redriven: Count('Number of entries that were dead and are now due.'),
          notDead: Type.Array(AnswerId('An id.'), {
            description: 'The ids in the request that are not dead.'
          }),
          missing: Type.Array(AnswerId('An id.'), {
            description: `Dead entries whose original was deleted or trimmed. They stay where they are. At most ${MAX_MISSING} ids.`
          })
        },
        { $id: 'RedrivenEntries', description: 'The result of redriving entries.' }
      ),
      example: { redriven: 1, notDead: [MISSING_ID], missing: [] }
    },
    problems: [
      'stream-not-found',
      'group-not-found',
      'invalid-id',
      'entry-damaged',
      'stream-conflict',
      ...CHANGE
    ]
  },
  ({ engine }: Services) =>
    async (http, reply) => {
      const { params, body } = http
      const { ids: texts, limit } = body
      const which = withIds((ids) => ({ limit, ...(texts !== undefined && { ids: ids.ids(texts, '/ids') }) }))
      const { delivery } = await engine.getGroup(params)
      const deadLetterStream = delivery?.deadLetterStream
      // The engine refuses if the policy names another stream by then.
      if (deadLetterStream !== undefined) requireScope(http, 'manage', deadLetterStream)
      const { redriven, notDead, missing } = await engine.redriveEntries({
        ...params,
        ...which,
        ...(deadLetterStream !== undefined && { deadLetterStream })
      })
      return sendAscii(
        reply,
        `{"redriven":${redriven},"notDead":${idsJson(notDead)},"missing":${idsJson(missing)}}`
      )
    }
)

/** Operations on the dead entries of a group. */
export const DEAD_OPERATIONS = [listDead, redriveEntries]
