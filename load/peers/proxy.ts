import { createClient, createClientPool } from 'redis'
import { buildPeer, type GroupPath, serve } from './routes.ts'

// What one would write in an hour: Weir's routes in front of the Redis at REDIS_URL. All commands of a turn of the
// event loop are one write. A read that waits occupies a connection, so reads use a pool of them.
const url = process.env['REDIS_URL'] ?? ''
const redis = createClient({ url })
const readers = createClientPool({ url }, { minimum: 16, maximum: 64 })

const app = buildPeer({
  append: (stream, entries) => Promise.all(entries.map((fields) => redis.xAdd(stream, '*', fields))),
  async read({ stream, group }, { consumer, count, waitMs }) {
    const options = waitMs === 0 ? { COUNT: count } : { COUNT: count, BLOCK: waitMs }
    const found = await readers.execute((reader) =>
      reader.xReadGroup(group, consumer, { key: stream, id: '>' }, options)
    )
    const entries: { id: string; message: Record<string, string> }[] = found?.[0]?.messages ?? []
    return entries.map(({ id, message }) => ({ id, fields: message, deliveries: 1 }))
  },
  ack: ({ stream, group }, ids) => redis.xAck(stream, group, ids)
})

app.put<{ Params: GroupPath }>('/v1/streams/:stream/groups/:group', ({ params: { stream, group } }) =>
  redis.xGroupCreate(stream, group, '0', { MKSTREAM: true }).then(() => ({ created: true }))
)
app.get<{ Params: GroupPath }>('/v1/streams/:stream', async ({ params: { stream } }) => ({
  length: await redis.xLen(stream)
}))
app.get<{ Params: GroupPath }>('/v1/streams/:stream/groups/:group', async ({ params: { stream } }) => {
  const [group] = await redis.xInfoGroups(stream)
  return { entriesRead: group?.['entries-read'], pending: group?.pending, lag: group?.lag }
})
app.addHook('onClose', async () => {
  redis.destroy()
  readers.destroy()
})

await redis.connect()
await readers.connect()
await serve(app)
