import { Type } from '@sinclair/typebox'
import { type EntryId, MAX_ID } from '../../contract/entry-id.ts'
import { refuseBoth, withIds } from '../ids.ts'
import { PAGE_BYTES } from '../waiting/event-stream.ts'
import { FIRST, SECOND } from './examples.ts'
import { HIDDEN, operation } from './operation.ts'
import { Closed, Id, PageSize, Position, RangeQuery, StreamPath } from './schemas.ts'
import type { Services } from './services.ts'

/** Browsers send the header by themselves. Generated clients have the parameter `lastEventId` instead. */
const TailHeaders = Type.Object(
  { 'last-event-id': Type.Optional(Id('The tail starts after this id.')) },
  { [HIDDEN]: true }
)

function eventOf(entry: { readonly id: string }): string {
  return `id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`
}

const tailEntries = operation(
  {
    method: 'GET',
    path: '/v1/streams/:stream/tail',
    params: StreamPath,
    headers: TailHeaders,
    querystring: Closed({
      from: RangeQuery.from,
      after: Type.Optional(
        Position(
          'The tail starts after this position. Cannot be combined with `from`. With "last", it contains only entries appended from now on.'
        )
      ),
      limit: PageSize('Maximum number of entries to read from the stream at a time.', 100),
      lastEventId: Type.Optional(
        Id(
          'The tail starts after this id. It takes precedence over `from` and `after`. The header `Last-Event-ID`, which browsers send, means the same, and takes precedence over this parameter.'
        )
      )
    })
  },
  {
    operationId: 'tailEntries',
    summary: 'Follow a stream',
    description: [
      'Sends the entries of the stream, and then new entries as they are appended, as server-sent events. The `id` of an',
      'event is the id of the entry, and its `data` is the entry as JSON. The response ends when the client disconnects or',
      'the server shuts down. A browser that loses its connection reconnects with `Last-Event-ID` and continues after it;',
      'some polyfills send the parameter `lastEventId` instead. An empty value is ignored. With `after=last`, the response',
      'starts with an `id` without data, so that reconnecting also works before the first event. After 15 seconds without',
      'an event, the server sends a comment. A tail counts as a waiting reader for as long as it is open, and pauses while',
      'the client does not read. If it cannot continue, for example because the stream was deleted, its last event is a',
      '`problem`, with the problem as `data`. A client with a timeout for the whole response should call `listEntries`',
      'with `waitMs` instead.'
    ].join('\n'),
    redis: '`XREAD BLOCK` in a loop',
    tag: 'entries',
    scope: 'read',
    loadsEntries: true,
    answer: {
      mediaType: 'text/event-stream',
      description: 'An endless sequence of events.',
      schema: Type.String({ description: 'Events, one for each entry.' }),
      example: eventOf(FIRST) + eventOf(SECOND)
    },
    problems: ['stream-not-found', 'invalid-id', 'entry-damaged', 'too-many-waiting']
  },
  ({ engine, eventStreams }: Services) =>
    async (http, reply) => {
      const { params, query, headers } = http
      const { from, after, limit } = query
      refuseBoth(query, '/query', 'from', 'after')
      const place = withIds(
        (ids) =>
          // Clients send empty values before the first event.
          ids.after(headers['last-event-id'] || undefined, '/headers/last-event-id') ??
          ids.after(query.lastEventId || undefined, '/query/lastEventId') ??
          (after === 'last' ? after : ids.lower(from, after, 'place'))
      )
      if (http.method === 'HEAD') {
        await engine.getStream(params)
        return eventStreams.sendHead(reply)
      }
      const page = {
        ...params,
        to: MAX_ID,
        order: 'asc' as const,
        limit,
        roomBytes: PAGE_BYTES,
        hasPlace: true
      }
      const read = (from: EntryId | 'next', waitMs: number, signal: AbortSignal) =>
        engine.listEntries({ ...page, from, waitMs }, signal)
      // Resolved once, because "last" must mean the same in every read.
      const first = place === 'last' ? (await read('next', 0, NEVER)).next + 1n : place
      return eventStreams.send(reply, { from: first, isNews: place === 'last' }, read)
    }
)

/** Operations that follow a stream. */
export const TAIL_OPERATIONS = [tailEntries]

/** The signal of a read that does not wait. */
const NEVER = new AbortController().signal
