import { buildPeer, serve } from './routes.ts'

// Weir's routes without any work: it accepts every append, always has as many entries as a read requests, and keeps
// nothing. Every other server with these routes on Fastify is slower.
const ID = '1767225600000-0'
const ENTRY = { id: ID, fields: { number: '0', padding: 'x'.repeat(100) }, deliveries: 1 }

const app = buildPeer({
  append: async (_stream, entries) => new Array<string>(entries.length).fill(ID),
  read: async (_path, { count }) => new Array<typeof ENTRY>(count).fill(ENTRY),
  ack: async (_path, ids) => ids.length
})
app.put('/v1/streams/:stream/groups/:group', async () => ({}))

await serve(app)
