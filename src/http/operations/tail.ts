import { Type } from '@sinclair/typebox'
import { FIRST, SECOND } from './examples.ts'
import { operation } from './operation.ts'
import { Closed, Id, PageSize, Place, RangeQuery, StreamPath } from './schemas.ts'

const TailHeaders = Type.Object({
  'last-event-id': Type.Optional(Id('The tail begins after this id, whatever `from` and `after` say.'))
})

function eventOf(entry: { readonly id: string }): string {
  return `id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`
}

export const tailEntries = operation(
  {
    params: StreamPath,
    headers: TailHeaders,
    querystring: Closed({
      from: RangeQuery.from,
      after: Type.Optional(
        Place(
          'The tail begins after it; not together with `from`. With "last", only what is appended from now on.'
        )
      ),
      limit: PageSize('How many entries are read from the stream at a time.', 100),
      lastEventId: Type.Optional(
        Id(
          'The same as the header `Last-Event-ID`, for clients that cannot send it. The header counts if both are sent.'
        )
      )
    })
  },
  {
    operationId: 'tailEntries',
    summary: 'Follow a stream',
    description: [
      'Sends the entries of the stream, and then what is appended, as server-sent events. The `id` of an event is the id',
      'of the entry, and its `data` is the entry as JSON. The answer ends when the client goes or the server drains.',
      'A browser that was cut off sends `Last-Event-ID` by itself, and continues after it; some polyfills send the',
      'parameter `lastEventId`. An empty one is ignored. With `after=last` the answer begins with an `id` without data, so',
      'that this works before the first event, too. A tail that is silent for 15',
      'seconds gets a comment. It counts as a reader that waits for as long as it lives, and waits for a client that does',
      'not read. If it cannot go on, because the stream was deleted, for example, its last event is a `problem`, with the',
      'problem as `data`. A client that has a time-out for the whole answer calls `listEntries` with `waitMs` instead.'
    ].join('\n'),
    redis: '`XREAD BLOCK`, again and again',
    tag: 'entries',
    scope: 'read',
    answer: {
      mediaType: 'text/event-stream',
      description: 'Events, without an end.',
      schema: Type.String({ description: 'Events, one for each entry.' }),
      example: eventOf(FIRST) + eventOf(SECOND)
    },
    problems: ['stream-not-found', 'invalid-id', 'entry-damaged', 'too-many-waiting']
  }
)
