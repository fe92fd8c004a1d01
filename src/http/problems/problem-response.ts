import { Type } from '@sinclair/typebox'
import { PROBLEMS } from './problem.ts'

const ProblemAnswer = Type.Object(
  {
    type: Type.String({ description: '`urn:weir:problem:` followed by the code.' }),
    title: Type.String({ description: 'A short description of the code.' }),
    status: Type.Integer({
      format: 'int32',
      minimum: 100,
      maximum: 599,
      description: 'The HTTP status code.'
    }),
    detail: Type.String({ description: 'A sentence that explains what is wrong with this request.' }),
    code: Type.String({
      description:
        'Why the request was refused. The meaning of a code never changes, but new codes may be added.'
    }),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    sideEffects: Type.String({
      description:
        'Whether the request may have changed something although it was refused: `none` or `possible`.'
    }),
    requestId: Type.String({ description: 'The id of the request, which also appears in the log.' }),
    retryAfterMs: Type.Optional(
      Type.Integer({
        format: 'int32',
        minimum: 0,
        description:
          'How long to wait before retrying, in milliseconds. The same as in the header `Retry-After`.'
      })
    ),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({
              description:
                'A JSON pointer into the body, or one that starts with `/path`, `/query` or `/headers`.'
            }),
            detail: Type.String({ description: 'What is wrong with it.' })
          },
          { $id: 'Fault', description: 'An invalid part of a request.' }
        ),
        { description: 'The invalid parts of the request.' }
      )
    )
  },
  {
    $id: 'Problem',
    description: 'Why a request was refused (RFC 9457).'
  }
)

/**
 * The response to every refused request, whatever its status, so that clients have one type for all of them. Its
 * codes are listed once for all operations.
 */
export function problemResponse(): object {
  const rows = Object.entries(PROBLEMS)
  return {
    description: [
      'The request was refused. The response is a problem (RFC 9457), whatever the status. The meaning of its `code` never ' +
        'changes, `retryable` shows whether retrying may help, and `sideEffects` shows whether something may have changed ' +
        'anyway. The `x-codes` of an operation are the codes with which it may be refused. A request that matches no ' +
        'operation is refused with `not-found` or `method-not-allowed`.',
      'These are all codes. New ones may be added.',
      rows.map(([code, { status, title }]) => `- \`${code}\` (${status}): ${title}.`).join('\n')
    ].join('\n\n'),
    headers: HEADERS,
    content: { 'application/problem+json': { schema: ProblemAnswer, example: EXAMPLE } },
    'x-problems': Object.fromEntries(
      rows.map(([code, { status, title, retryable }]) => [code, { status, title, retryable }])
    )
  }
}

const HEADERS = {
  'Retry-After': {
    description: 'How many seconds to wait before retrying. Sent with 429 and 503.',
    schema: { type: 'integer' }
  }
}

const EXAMPLE = {
  type: 'urn:weir:problem:invalid-id',
  title: PROBLEMS['invalid-id'].title,
  status: 400,
  detail: '/ids/0: "1-" is not a valid id',
  code: 'invalid-id',
  retryable: false,
  sideEffects: 'none',
  requestId: 'UqGx2dNb-1f',
  errors: [{ pointer: '/ids/0', detail: '"1-" is not a valid id' }]
}
