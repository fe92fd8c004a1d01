import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { type Config, ConfigError, VARIABLES } from '../config.ts'
import type { Engine } from '../contract/engine.ts'
import { openControlSocket } from '../embedded/control-socket.ts'
import { openEmbeddedEngine } from '../embedded/engine.ts'
import type { Metrics } from '../metrics.ts'
import type { RedisAddress } from '../redis/connection/address.ts'
import type { Closer } from './closing.ts'
import { namingPath } from './named-path.ts'

/** An engine, and what the log says of it. */
export interface OpenedEngine {
  readonly engine: Engine
  readonly opened: Readonly<Record<string, unknown>>
  /** Lets others copy what the engine keeps on this machine while it runs. */
  readonly letBackUp?: (closers: Closer[]) => Promise<void>
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
    onUndeleted: ({ file, error }) => log.error({ err: error, file }, 'journal segment cannot be deleted'),
    onFailure
  })
  const engine = await open.catch((error) => {
    throw namingPath(VARIABLES.dataDir.name, dataDir, error)
  })
  const { cut, cutBytes } = engine.recovery
  if (cut?.mayBeAnswered === true) log.error({ cutBytes, ...cut }, 'acknowledged changes may be lost')
  for (const exposed of engine.exposed) log.warn(exposed, 'other users can read or write data')
  const recovery = { ...engine.recovery, ms: Math.round(performance.now() - openingAt) }
  const letBackUp = async (closers: Closer[]) => {
    // Where a directory cannot have a socket, Weir does without, and it can be copied while Weir is not running.
    try {
      const controlSocket = await openControlSocket(dataDir, () => engine.hold())
      closers.push(() => controlSocket.close())
    } catch (error) {
      log.warn({ err: error }, 'backups are only possible while Weir is not running')
    }
  }
  return { engine, letBackUp, opened: { directory: resolve(dataDir), fsync, recovery } }
}

/** Opens while Redis is down, too: the server is not ready then, until it is there. */
export async function openRedis(config: Config, log: Logger): Promise<OpenedEngine> {
  // Whoever keeps streams on this machine need not load what speaks to another one.
  const [address, { openRedisEngine }] = await Promise.all([
    import('../redis/connection/address.ts'),
    import('../redis/engine.ts')
  ])
  const place = addressAt(config.redisUrl, address)
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

function addressAt(
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
