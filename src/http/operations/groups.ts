import { Type } from '@sinclair/typebox'
import { formatId } from '../../contract/entry-id.ts'
import type { GroupInfo as EngineGroupInfo } from '../../contract/groups.ts'
import { requireScope } from '../access/guard.ts'
import { requireKnownPosition } from '../far-ids.ts'
import { withIds } from '../ids.ts'
import { DeliveryPolicy, requirePolicyScopes, withVisibleCycle } from './delivery-policy.ts'
import { FIRST, GROUP, NEW_GROUP, POLICY } from './examples.ts'
import { EnsuredGroup, GroupInfo, GroupList } from './group-schemas.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  Closed,
  Count,
  Default,
  Flag,
  GroupPath,
  IfNoneMatch,
  isOnlyNew,
  PageQuery,
  PendingPolicy,
  Position,
  StreamPath
} from './schemas.ts'
import type { Services } from './services.ts'
import { Deleted } from './stream-schemas.ts'

const listGroups = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/groups',
    params: StreamPath,
    querystring: Closed(PageQuery('groups'))
  },
  {
    operationId: 'listGroups',
    summary: 'List the groups of a stream',
    description: 'Returns a page of groups in the byte order of their names. The last page has no `cursor`.',
    redis: '`XINFO GROUPS`',
    tag: 'groups',
    scope: 'read',
    answer: { description: 'A page of groups.', schema: GroupList, example: { groups: [GROUP] } },
    problems: ['stream-not-found']
  },
  ({ engine }: Services) =>
    async ({ params, query }) => {
      const page = await engine.listGroups({ ...params, ...query })
      return { ...page, groups: page.groups.map(groupAnswer) }
    }
)

const EntriesRead = Type.Optional(
  Count('Number of entries of the stream that count as read by the group. The lag is computed from it.')
)

const EnsureGroupRequest = Closed(
  {
    after: Default(Position('The group receives the entries after this position.'), '0-0'),
    createStream: Flag('Create the stream if it does not exist.', false),
    entriesRead: EntriesRead,
    delivery: Type.Optional(DeliveryPolicy)
  },
  { $id: 'EnsureGroupRequest', description: 'Where a new group starts, and its delivery policy.' }
)

const ensureGroup = operation(
  {
    method: 'PUT',
    path: '/v1/streams/:stream/groups/:group',
    params: GroupPath,
    headers: IfNoneMatch,
    body: EnsureGroupRequest
  },
  {
    operationId: 'ensureGroup',
    summary: 'Create a group if it does not exist',
    description:
      'A worker can send this each time it starts: an existing group is not changed, and keeps its position and its ' +
      'delivery policy. With `If-None-Match: *`, the request is refused if the group exists. `createStream`, `delivery`, ' +
      'and an `after` greater than the last id of the stream require the scope `manage`.',
    redis: '`XGROUP CREATE`',
    tag: 'groups',
    scope: 'consume',
    example: { after: '0-0' },
    answer: {
      description: 'The group, and whether the request created it.',
      schema: EnsuredGroup,
      example: { created: true, ...NEW_GROUP }
    },
    problems: [
      'stream-not-found',
      'group-exists',
      'stream-conflict',
      'invalid-id',
      'dead-letter-cycle',
      ...GROWTH
    ]
  },
  ({ engine }: Services) =>
    async (http) => {
      const { params, headers, body } = http
      if (body.createStream) requireScope(http, 'manage', params.stream)
      if (body.delivery !== undefined) requirePolicyScopes(http, params.stream, body.delivery)
      const request = withIds((ids) => ({
        ...params,
        ...body,
        after: ids.place(body.after, '/after'),
        onlyNew: isOnlyNew(headers)
      }))
      await requireKnownPosition(http, engine, params, request.after)
      return groupAnswer(await withVisibleCycle(http, params.stream, engine.ensureGroup(request)))
    }
)

const getGroup = operation(
  { method: 'GET', path: '/v1/streams/:stream/groups/:group', params: GroupPath },
  {
    operationId: 'getGroup',
    summary: 'Get a group',
    description:
      'Returns the position of the group in the stream, how many entries are pending, dead or still to be delivered, and ' +
      'the delivery policy.',
    redis: '`XINFO GROUPS`',
    tag: 'groups',
    scope: 'read',
    answer: { description: 'The group.', schema: GroupInfo, example: GROUP },
    problems: ['stream-not-found', 'group-not-found']
  },
  ({ engine }: Services) =>
    async ({ params }) =>
      groupAnswer(await engine.getGroup(params))
)

const UpdateGroupRequest = Closed(
  {
    after: Type.Optional(
      Position(
        'The group receives the entries after this position. If omitted, the group keeps its position.'
      )
    ),
    entriesRead: EntriesRead,
    delivery: Type.Optional(DeliveryPolicy)
  },
  { $id: 'UpdateGroupRequest', description: 'The new position and delivery policy of the group.' }
)

const updateGroup = operation(
  { method: 'PATCH', path: '/v1/streams/:stream/groups/:group', params: GroupPath, body: UpdateGroupRequest },
  {
    operationId: 'updateGroup',
    summary: 'Move a group to another position in the stream, or change its delivery policy',
    description:
      'Moving a group back delivers entries again. Moving it forward skips entries. Pending entries stay pending. ' +
      '`delivery` replaces the whole delivery policy, and an empty object removes it. If it is omitted, the policy stays as ' +
      'it is. The time of pending entries starts again when the policy changes.',
    redis: '`XGROUP SETID`',
    tag: 'groups',
    scope: 'manage',
    example: { after: FIRST.id, entriesRead: 1, delivery: POLICY },
    answer: { description: 'The changed group.', schema: GroupInfo, example: { ...GROUP, delivery: POLICY } },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', 'dead-letter-cycle', ...CHANGE]
  },
  ({ engine }: Services) =>
    async (http) => {
      const { params, body } = http
      const { after, ...changes } = body
      if (body.delivery !== undefined) requirePolicyScopes(http, params.stream, body.delivery)
      const request = withIds((ids) => ({
        ...params,
        ...changes,
        ...(after !== undefined && { after: ids.place(after, '/after') })
      }))
      return groupAnswer(await withVisibleCycle(http, params.stream, engine.updateGroup(request)))
    }
)

const deleteGroup = operation(
  {
    method: 'DELETE',
    path: '/v1/streams/:stream/groups/:group',
    params: GroupPath,
    querystring: Closed({ pending: PendingPolicy }),
    body: false
  },
  {
    operationId: 'deleteGroup',
    summary: 'Delete a group',
    description:
      'A group with pending or dead entries is deleted only with `pending=drop`, because no consumer would ever receive ' +
      'them again. Waiting readers are refused with `group-not-found`.',
    redis: '`XGROUP DESTROY`',
    tag: 'groups',
    scope: 'manage',
    freesSpace: true,
    answer: { description: 'The group was deleted.', schema: Deleted, example: { deleted: true } },
    problems: ['stream-not-found', 'group-not-found', 'group-has-pending', ...CHANGE]
  },
  ({ engine }: Services) =>
    async ({ params, query }) => {
      await engine.deleteGroup({ ...params, dropPending: query.pending === 'drop' })
      return { deleted: true }
    }
)

/** Operations on consumer groups and their positions. */
export const GROUP_OPERATIONS = [listGroups, ensureGroup, getGroup, updateGroup, deleteGroup]

function groupAnswer<I extends EngineGroupInfo>(info: I) {
  return { ...info, lastDeliveredId: formatId(info.lastDeliveredId) }
}
