import { Type } from '@sinclair/typebox'
import { FIRST, GROUP, NEW_GROUP } from './examples.ts'
import { EnsuredGroup, Group, GroupList } from './group-schemas.ts'
import { CHANGE, GROWTH, operation } from './operation.ts'
import {
  BodyObject,
  Closed,
  Count,
  Default,
  Flag,
  GroupPath,
  IfNoneMatch,
  PageQuery,
  Place,
  StreamPath,
  WhatOfPending
} from './schemas.ts'
import { Deleted } from './stream-schemas.ts'

export const listGroups = operation(
  { params: StreamPath, querystring: Closed(PageQuery('groups')) },
  {
    operationId: 'listGroups',
    summary: 'List the groups of a stream',
    description: 'A page of groups in the byte order of their names. The last page has no `cursor`.',
    redis: '`XINFO GROUPS`',
    tag: 'groups',
    scope: 'read',
    answer: { description: 'A page of groups.', schema: GroupList, example: { groups: [GROUP] } },
    problems: ['stream-not-found']
  }
)

const EntriesRead = Type.Optional(
  Count('How many entries of the stream are to count as read by the group, which the lag is computed from.')
)

const EnsureGroupRequest = BodyObject(
  {
    after: Default(Place('The group is to be given the entries behind this.'), '0-0'),
    createStream: Flag('Make the stream if it does not exist.', false),
    entriesRead: EntriesRead
  },
  { $id: 'EnsureGroupRequest', description: 'Where a new group begins.' }
)

export const ensureGroup = operation(
  { params: GroupPath, headers: IfNoneMatch, body: EnsureGroupRequest },
  {
    operationId: 'ensureGroup',
    summary: 'Make a group unless it exists',
    description:
      'A worker can do so each time it starts: an existing group is left as it is, wherever it stands. With ' +
      '`If-None-Match: *` it is refused instead. An `after` above the last id of the stream needs the scope `manage`.',
    redis: '`XGROUP CREATE`',
    tag: 'groups',
    scope: 'consume',
    example: { after: '0-0' },
    answer: {
      description: 'The group, and whether the request made it.',
      schema: EnsuredGroup,
      example: { created: true, ...NEW_GROUP }
    },
    problems: ['stream-not-found', 'group-exists', 'stream-conflict', 'invalid-id', ...GROWTH]
  }
)

export const getGroup = operation(
  { params: GroupPath },
  {
    operationId: 'getGroup',
    summary: 'Look at a group',
    description: 'Where it stands in the stream, and how much is pending and still to be delivered.',
    redis: '`XINFO GROUPS`',
    tag: 'groups',
    scope: 'read',
    answer: { description: 'The group.', schema: Group, example: GROUP },
    problems: ['stream-not-found', 'group-not-found']
  }
)

const UpdateGroupRequest = BodyObject(
  {
    after: Type.Optional(
      Place('The group is to be given the entries behind this. Left out, it stays where it is.')
    ),
    entriesRead: EntriesRead
  },
  { $id: 'UpdateGroupRequest', description: 'Where the group goes.' }
)

export const updateGroup = operation(
  { params: GroupPath, body: UpdateGroupRequest },
  {
    operationId: 'updateGroup',
    summary: 'Move a group to another place of the stream',
    description:
      'Backwards, entries are delivered again; forwards, some are skipped. Pending entries stay pending.',
    redis: '`XGROUP SETID`',
    tag: 'groups',
    scope: 'manage',
    example: { after: FIRST.id, entriesRead: 1 },
    answer: { description: 'The group as it is now.', schema: Group, example: GROUP },
    problems: ['stream-not-found', 'group-not-found', 'invalid-id', ...CHANGE]
  }
)

export const deleteGroup = operation(
  { params: GroupPath, querystring: Closed({ pending: WhatOfPending }), body: false },
  {
    operationId: 'deleteGroup',
    summary: 'Remove a group',
    description:
      'One that has pending entries is not removed unless `pending=drop` says that losing them is meant: nobody would ' +
      'be given them again. Readers that wait in it are refused with `group-not-found`.',
    redis: '`XGROUP DESTROY`',
    tag: 'groups',
    scope: 'manage',
    answer: { description: 'The group is gone.', schema: Deleted, example: { deleted: true } },
    problems: ['stream-not-found', 'group-not-found', 'group-has-pending', ...CHANGE]
  }
)
