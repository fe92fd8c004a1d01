import { Type } from '@sinclair/typebox'
import { PROBLEMS, type ProblemCode } from '../problems/problem.ts'

export const ProblemAnswer = Type.Object(
  {
    type: Type.String({ description: '`urn:weir:problem:` followed by the code.' }),
    title: Type.String({ description: 'A short description of the code.' }),
    status: Type.Integer({ format: 'int32', description: 'The HTTP status code.' }),
    detail: Type.String({ description: 'A sentence that explains what is wrong with this request.' }),
    code: Type.String({
      description:
        'Why the request was refused. The meaning of a code never changes, but new codes may be added.'
    }),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    sideEffects: Type.Unsafe<'none' | 'possible'>({
      type: 'string',
      enum: ['none', 'possible'],
      description: 'Whether the request may have changed something although it was refused.'
    }),
    requestId: Type.String({ description: 'The id of the request, which also appears in the log.' }),
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
    description: 'Why a request was refused (RFC 9457).',
    examples: [
      {
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
    ]
  }
)

/** One response for each status of these problems. */
export function problemResponses(codes: Iterable<ProblemCode>): Record<number, object> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of [...codes].toSorted()) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const responses: Record<number, object> = {}
  for (const [status, found] of byStatus) {
    const lines = found.map((code) => `- \`${code}\`: ${PROBLEMS[code].title}.`)
    responses[status] = {
      description: lines.join('\n'),
      content: { 'application/problem+json': { schema: ProblemAnswer } },
      ...((status === 429 || status === 503) && { headers: RETRY_AFTER }),
      ...(status === 415 && { headers: ACCEPTED }),
      ...((found.includes('unauthenticated') || found.includes('forbidden')) && { headers: WWW_AUTHENTICATE })
    }
  }
  return responses
}

const ACCEPTED = {
  Accept: {
    type: 'string',
    description: 'The media type that a body must have. Sent if the media type is the problem.'
  },
  'Accept-Encoding': {
    type: 'string',
    description: 'The content encoding that a body must have. Sent if the encoding is the problem.'
  }
}
const RETRY_AFTER = {
  'Retry-After': { type: 'integer', description: 'How many seconds to wait before retrying.' }
}
const WWW_AUTHENTICATE = {
  'WWW-Authenticate': { type: 'string', description: 'How to authenticate (RFC 6750).' }
}
