import { type Static, Type } from '@sinclair/typebox'
import type { Trim as TrimRequest } from '../../contract/entries.ts'
import { type IdReader, refuseBoth, withIds } from '../ids.ts'
import { invalidRequest } from '../problems/problem.ts'
import { CHANGE, operation } from './operation.ts'
import { Closed, Count, Flag, Id, StreamPath } from './schemas.ts'
import type { Services } from './services.ts'

const trimMembers = {
  maxLength: Type.Optional(
    Count('Keep at most this many of the newest entries. Cannot be combined with `minId`.')
  ),
  minId: Type.Optional(Id('Keep only entries from this id on. Cannot be combined with `maxLength`.')),
  approximate: Flag('Remove only whole blocks. This is cheaper, but may keep some more entries.', false),
  limit: Type.Optional(Count('Remove at most this many entries. Only allowed with `approximate`.', 1))
}

/** Old entries to remove in the same step as an append. */
export const Trim = Closed(trimMembers, {
  $id: 'Trim',
  description: 'What to keep of a stream: set `maxLength` or `minId`.'
})
type TrimBody = Static<typeof Trim>

const trimStream = operation(
  {
    method: 'POST',
    path: '/v1/streams/:stream/trim',
    params: StreamPath,
    body: Closed(trimMembers, {
      $id: 'TrimStreamRequest',
      description: 'What to keep: set either `maxLength` or `minId`.',
      minProperties: 1
    })
  },
  {
    operationId: 'trimStream',
    summary: 'Remove old entries',
    description:
      'Removes the oldest entries and keeps those that `maxLength` or `minId` selects. Pending entries stay pending.',
    redis: '`XTRIM`',
    tag: 'entries',
    scope: 'manage',
    freesSpace: true,
    example: { maxLength: 1 },
    answer: {
      description: 'The number of entries removed.',
      schema: Type.Object(
        { trimmed: Count('Number of entries removed.') },
        { $id: 'TrimmedStream', description: 'The result of trimming a stream.' }
      ),
      example: { trimmed: 1 }
    },
    problems: ['stream-not-found', 'invalid-id', ...CHANGE]
  },
  ({ engine }: Services) =>
    async ({ params, body }) => {
      const request = withIds((ids) => ({ ...params, trim: readTrim(body, '', ids) }))
      return { trimmed: await engine.trimStream(request) }
    }
)

/** Operations that remove old entries. */
export const TRIM_OPERATIONS = [trimStream]

/**
 * Parses the trim at `pointer` in the body. Throws invalid-request unless it has either `maxLength` or
 * `minId`, and for a `limit` without `approximate`.
 */
export function readTrim(trim: TrimBody, pointer: '' | '/trim', ids: IdReader): TrimRequest {
  const { maxLength, minId, approximate, limit } = trim
  refuseBoth(trim, pointer, 'maxLength', 'minId')
  if (maxLength === undefined && minId === undefined) {
    throw invalidRequest([{ pointer, detail: 'Either "maxLength" or "minId" is required' }])
  }
  if (limit !== undefined && !approximate) {
    throw invalidRequest([{ pointer: `${pointer}/limit`, detail: 'Only allowed with "approximate": true' }])
  }
  return {
    approximate,
    ...(maxLength !== undefined && { maxLength }),
    ...(minId !== undefined && { minId: ids.id(minId, `${pointer}/minId`) }),
    ...(limit !== undefined && { limit })
  }
}
