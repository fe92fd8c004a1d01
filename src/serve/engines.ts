import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { type Config, ConfigError } from '../config/config.ts'
import { VARIABLES } from '../config/variables.ts'
import type { Engine } from '../contract/engine.ts'
import { openControlSocket } from '../embedded/control-socket.ts'
import { openEmbeddedEngine } from '../embedded/engine.ts'
import type { Metrics } from '../metrics.ts'
import type { RedisAddress } from '../redis/connection/address.ts'
import type { Closer } from './closing.ts'
import { toPathError } from './named-path.ts'

/** An engine, and the fields that the log shows about it. */
export interface OpenedEngine {
  readonly engine: Engine
  readonly opened: Readonly<Record<string, unknown>>
  /** Allows backups while the engine runs. Only an engine that stores its data on this machine has it. */
  readonly allowBackups?: (closers: Closer[]) => Promise<void>
}

export async function openEmbedded(
  config: Config,
  log: Logger,
  metrics: Metrics,
  onFailure: (error: Error) => void
): Promise<OpenedEngine> {
  const openingAt = performance.now()
  const { dataDir, fsync, maxWaiting, maxWaitingPlaces, memoryBytes } = config
  const most = {
    streams: config.maxStreams,
    groups: config.maxGroups,
    consumers: config.maxConsumers,
    pending: config.maxPending
  }
  const open = openEmbeddedEngine({
    directory: dataDir,
    fsync,
    maxWaiting,
    maxWaitingPlaces,
    most,
    memoryBytes,
    onCheckpoint: (checkpoint) => {
      metrics.checkpointed(checkpoint)
      if (checkpoint.error !== undefined) log.error({ err: checkpoint.error }, 'checkpoint failed')
    },
    onFlush: (flush) => metrics.flushed(flush),
    onDeathsBlocked: (error) => log.error({ err: error }, 'dead entries cannot be moved, and stay due'),
    onUndeleted: ({ file, error }) => log.error({ err: error, file }, 'journal segment cannot be deleted'),
    onFailure
  })
  const engine = await open.catch((error) => {
    throw toPathError(VARIABLES.dataDir.name, dataDir, error)
  })
  const { cut, cutBytes } = engine.recovery
  if (cut?.mayBeAnswered === true) log.error({ cutBytes, ...cut }, 'acknowledged changes may be lost')
  for (const exposed of engine.exposed) log.warn(exposed, 'other users can read or write data')
  const recovery = { ...engine.recovery, ms: Math.round(performance.now() - openingAt) }
  const allowBackups = async (closers: Closer[]) => {
    // Without a socket in the directory, Weir still runs. It can be backed up only while Weir is stopped.
    try {
      const controlSocket = await openControlSocket(dataDir, () => engine.hold())
      closers.push(() => controlSocket.close())
    } catch (error) {
      log.warn({ err: error }, 'backups are only possible while Weir is not running')
    }
  }
  return { engine, allowBackups, opened: { directory: resolve(dataDir), fsync, recovery } }
}

/** Opens the engine even if Redis is down. The server is not ready until Redis is. */
export async function openRedis(config: Config, log: Logger): Promise<OpenedEngine> {
  // Imported here, so that the embedded engine starts without loading the Redis client.
  const [address, { openRedisEngine }] = await Promise.all([
    import('../redis/connection/address.ts'),
    import('../redis/engine.ts')
  ])
  const place = parseRedisUrl(config.redisUrl, address)
  let isDown = false
  const engine = await openRedisEngine({
    address: place,
    prefix: config.redisPrefix,
    maxWaiting: config.maxWaiting,
    maxWaitingPlaces: config.maxWaitingPlaces,
    onUp: () => {
      log.info('Redis is ready')
      isDown = false
    },
    onDown: (error) => {
      if (!isDown) log.error({ err: error }, 'Redis is not ready')
      isDown = true
    }
  })
  const { servers: found } = await engine.status()
  const servers = found?.map(({ address, server }) => ({ address, server }))
  return { engine, opened: { servers } }
}

function parseRedisUrl(
  url: string,
  { parseAddress, AddressError }: typeof import('../redis/connection/address.ts')
): RedisAddress {
  try {
    return parseAddress(url)
  } catch (error) {
    if (!(error instanceof AddressError)) throw error
    throw new ConfigError([`${VARIABLES.redisUrl.name} ${error.message}.`])
  }
}
