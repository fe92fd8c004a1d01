import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { buildServer } from '../../src/http/server.ts'
import { createLogger } from '../../src/log.ts'
import { createMetrics } from '../../src/metrics.ts'
import { EventLoop } from '../event-loop.ts'
import { listen } from './routes.ts'

// Weir, assembled as in main.ts, with two differences: /load/event-loop reports how long the event loop was blocked,
// and with the argument "never" no checkpoint runs while it serves.
const NEVER = { everyBytes: Number.POSITIVE_INFINITY, everyMs: 2 ** 31 - 1, memoryBytes: 8 * 1024 ** 3 }

const eventLoop = new EventLoop()
const metrics = createMetrics()
const engine = await openEmbeddedEngine({
  directory: process.env['WEIR_DATA_DIR'] ?? '',
  fsync: 'always',
  maxWaiting: 0,
  ...(process.argv[2] === 'never' && NEVER),
  onFlush: (flush) => metrics.flushed(flush),
  onCheckpoint(checkpoint) {
    metrics.checkpointed(checkpoint)
    eventLoop.checkpointed(checkpoint)
  }
})
const server = await buildServer({
  engine,
  metrics,
  logger: createLogger('info'),
  bodyLimitBytes: 8 * 1024 ** 2,
  maxWaitMs: 60_000
})
server.get('/load/event-loop', async () => eventLoop.report())

process.on('SIGTERM', async () => {
  eventLoop.close()
  await server.close()
  await engine.close()
})
await listen(server)
