import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { openEmbeddedEngine } from '../embedded/engine.ts'
import { buildServer } from '../http/server.ts'
import { createMetrics } from '../metrics.ts'
import { type Closer, close } from './closing.ts'
import { sendTraffic, WAIT_MS } from './warm-traffic.ts'

/**
 * In the data directory, because no other directory may be writable. A start removes one that a killed
 * process left.
 */
export const SCRATCH_DIRECTORY = '.warm-up'
/** Share of the time for requests. The rest is for closing the server and the engine that serve them. */
const SHARE_OF_REQUESTS = 0.85
const MAX_WAITING = 100
/** The initial size of a journal segment, so that the warm-up writes little to disk. */
const SEGMENT_BYTES = 4 << 20
const BODY_LIMIT_BYTES = 8 << 20

/** A warm-up in progress. */
export interface WarmUp {
  /** Resolves when the warm-up has ended or its time is up. Never rejects. */
  readonly over: Promise<unknown>
  /** Whether `close` was called. */
  readonly isClosed: boolean
  /** Ends it at once. Resolves when everything that it opened and wrote is removed. */
  close(): Promise<void>
}

/**
 * Lets V8 optimise the hot paths before the first client connects. It sends appends, group reads and acks to
 * a second server with a second engine, in a temporary directory within the data directory. The code is the
 * same, so the real server benefits from what V8 compiled. Its data, metrics, log and limits are not touched.
 *
 * Call it when the data directory is locked and the real server is built. Failures are logged.
 */
export function warmUp(config: Config, log: Logger): WarmUp {
  const aborted = new AbortController()
  const done = run(config, aborted.signal).then(
    (requests) => {
      if (requests > 0) log.debug({ requests }, 'warmed up')
    },
    (error) => {
      if (!aborted.signal.aborted) log.warn({ err: error }, 'warm-up failed')
    }
  )
  const { warmUpMs } = config
  const timeIsOver = warmUpMs === 0 ? done : sleep(warmUpMs, undefined, { ref: false })
  return {
    over: Promise.race([done, timeIsOver]),
    get isClosed() {
      return aborted.signal.aborted
    },
    async close() {
      aborted.abort()
      await done
    }
  }
}

/** Resolves with the number of requests that were sent. */
async function run({ dataDir, fsync, warmUpMs }: Config, signal: AbortSignal): Promise<number> {
  const directory = path.join(dataDir, SCRATCH_DIRECTORY)
  const remove = () => rm(directory, { recursive: true, force: true })
  await remove()
  if (warmUpMs === 0) return 0
  const endAt = performance.now() + warmUpMs * SHARE_OF_REQUESTS
  const isOver = () => signal.aborted || performance.now() > endAt
  const closers: Closer[] = [remove]
  try {
    await mkdir(directory, { mode: 0o700 })
    const engine = await openEmbeddedEngine({
      directory,
      fsync,
      maxWaiting: MAX_WAITING,
      segmentBytes: SEGMENT_BYTES
    })
    closers.push(() => engine.close())
    if (isOver()) return 0
    const metrics = createMetrics({ ofProcess: false })
    const options = { bodyLimitBytes: BODY_LIMIT_BYTES, maxWaitMs: WAIT_MS }
    const server = await buildServer({ engine, metrics, logger: false, ...options })
    closers.push(() => server.close())
    await server.ready()
    return await sendTraffic(server.server, isOver, signal)
  } finally {
    await close(closers)
  }
}
