import { Type } from '@sinclair/typebox'
import { withIds } from '../ids.ts'
import { fieldBytesIn, placesJson, sendBytes } from '../json-answer.ts'
import { exchangeOf } from '../limits/exchange.ts'
import { FIRST, SECOND } from './examples.ts'
import { operation, perMaxWait } from './operation.ts'
import {
  ANSWER_LIMIT,
  CLIENT_TIMEOUT,
  Closed,
  MAX_ITEMS,
  Name,
  NextPosition,
  PageSize,
  Position,
  StreamEntry,
  WaitMs
} from './schemas.ts'
import type { Services } from './services.ts'

const StreamRead = Type.Object(
  {
    stream: Type.String({ description: 'The name of the stream.' }),
    entries: Type.Array(StreamEntry, { description: 'Its entries. Empty if there was nothing to read.' }),
    next: NextPosition('Where to continue in this stream: send it as `after`.')
  },
  { $id: 'StreamRead', description: 'Entries of one of several streams.' }
)

const ReadPlace = Closed(
  {
    stream: Name('The name of the stream', 'orders'),
    after: Position('Read the entries after this position.')
  },
  { $id: 'ReadPlace', description: 'A stream, and where to start reading it.' }
)

const readStreams = perMaxWait((maxWaitMs) =>
  operation(
    {
      method: 'POST',
      path: '/v1/read',
      body: Closed(
        {
          streams: Type.Array(ReadPlace, {
            minItems: 1,
            maxItems: MAX_ITEMS,
            description: 'The streams to read.'
          }),
          count: PageSize('Maximum number of entries per stream.', 10),
          waitMs: WaitMs(maxWaitMs)
        },
        { $id: 'ReadStreamsRequest', description: 'Streams to read, and where to start.' }
      )
    },
    {
      operationId: 'readStreams',
      summary: 'Read several streams',
      description: `Returns the entries after a given position in each stream. With \`waitMs\`, waits until one of the streams has an entry. The response contains every stream of the request, in the same order, and where to continue in it.\n\n${CLIENT_TIMEOUT} ${ANSWER_LIMIT}`,
      redis: '`XREAD`',
      tag: 'entries',
      scope: 'read',
      loadsEntries: true,
      example: { streams: [{ stream: 'orders', after: '0-0' }], count: 10, waitMs: 30_000 },
      answer: {
        description: 'The streams of the request.',
        schema: Type.Object(
          { streams: Type.Array(StreamRead, { description: 'One item for each stream of the request.' }) },
          { $id: 'StreamsRead', description: 'Entries of several streams.' }
        ),
        example: { streams: [{ stream: 'orders', entries: [FIRST, SECOND], next: SECOND.id }] }
      },
      problems: ['stream-not-found', 'invalid-id', 'entry-damaged', 'too-many-waiting']
    },
    ({ engine, hangUps }: Services) =>
      async ({ body }, reply) => {
        const request = withIds((ids) => ({
          ...body,
          streams: body.streams.map(({ stream, after }, index) => ({
            stream,
            after: ids.place(after, `/streams/${index}/after`)
          }))
        }))
        const taker = exchangeOf(reply.raw)
        const found = await hangUps.read(reply, body.waitMs, (signal) =>
          engine.readStreams(request, signal, taker)
        )
        if (found === null) return undefined
        return sendBytes(reply, fieldBytesIn(found), () => `{"streams":${placesJson(found)}}`)
      }
  )
)

/** Operations that read several streams without a group. */
export const SEVERAL_STREAMS_OPERATIONS = [readStreams]
