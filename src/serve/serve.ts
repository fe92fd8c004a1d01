import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { type Config, isLoopback } from '../config/config.ts'
import { VARIABLES } from '../config/variables.ts'
import { TokenFile } from '../http/access/token-file.ts'
import { adoptConnection, beginDrain, buildServer, recheckTokens, renewTls } from '../http/server.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { type Closer, close, EXIT_FAILED, endOnSignal } from './closing.ts'
import { openEmbedded, openRedis } from './engines.ts'
import { LISTENER_COPIES, ListenerCopies } from './listener-copies.ts'
import { usingPath } from './named-path.ts'
import { mostConnections, openFiles } from './open-files.ts'
import { Reloading } from './reloading.ts'
import { sitesOf } from './sites.ts'
import { readTlsKeys } from './tls-files.ts'
import { v8Workers } from './v8-workers.ts'
import { warmUp } from './warm-up.ts'

/** The built pages, also when Weir runs from its sources. */
const PAGES = {
  console: fileURLToPath(new URL('../../dist/console', import.meta.url)),
  docs: fileURLToPath(new URL('../../dist/docs', import.meta.url))
}

/**
 * Starts everything. If a step fails, closes what was started before and rejects. Resolves when Weir listens,
 * or when a signal closed it before that.
 */
export async function serve(config: Config): Promise<void> {
  const log = createLogger(config.logLevel)
  const closers: Closer[] = []
  const reloading = new Reloading(log)
  closers.push(async () => reloading.close())
  const endProcess = endOnSignal(log, closers, reloading)
  try {
    const copies = new ListenerCopies(log)
    closers.push(() => copies.close())
    const metrics = createMetrics({ maxGroups: config.metricsGroups })
    const access = openTokens(config.tokensFile, reloading)
    const { tlsCertFile, tlsKeyFile } = config
    const tls = tlsCertFile === '' ? undefined : readTlsKeys(tlsCertFile, tlsKeyFile)
    const onFailure = (error: Error) => {
      log.fatal({ err: error }, 'storage failed')
      endProcess(EXIT_FAILED)
    }
    const { engine, opened, allowBackups } =
      config.engine === 'redis'
        ? await openRedis(config, log)
        : await openEmbedded(config, log, metrics, onFailure)
    closers.push(() => engine.close())
    await allowBackups?.(closers)
    const { bodyLimitBytes, maxWaitMs, keepAliveMs } = config
    const sites = sitesOf(config)
    const maxConnections = connectionLimit(config.maxConnections, log)
    const server = await buildServer({
      engine,
      metrics,
      logger: log,
      bodyLimitBytes,
      maxWaitMs,
      limits: config,
      timeouts: { keepAliveMs },
      sites,
      maxConnections,
      pages: PAGES,
      ...(tls !== undefined && { tls }),
      ...(access !== undefined && { access })
    })
    closers.push(async () => {
      beginDrain(server)
      await Promise.all([server.close(), copies.close()])
    })
    access?.onReload(() => recheckTokens(server))
    if (tls !== undefined) {
      const reload = () => renewTls(server, readTlsKeys(tlsCertFile, tlsKeyFile))
      reloading.add({ what: 'TLS keys', files: [tlsCertFile, tlsKeyFile], reload })
    }
    if (access !== undefined && tls === undefined && !isLoopback(config.host)) {
      log.warn('tokens arrive unencrypted: serve HTTPS, or put an HTTPS proxy in front of Weir')
    }
    if (access === undefined && sites.hosts === undefined) {
      log.warn(
        'any host name is accepted: set WEIR_ALLOWED_HOSTS, or web pages can reach Weir through DNS rebinding'
      )
    }
    if (config.engine === 'embedded') {
      const warming = warmUp(config, log)
      closers.push(() => warming.close())
      await warming.over
      if (warming.isClosed) return
    }
    const address = await server.listen({ host: config.host, port: config.port, backlog: BACKLOG })
    if (maxConnections >= MIN_FOR_COPIES)
      copies.make(server.server, BACKLOG, (socket) => adoptConnection(server, socket))
    else await copies.close()
    const serving = { address, ...(tls !== undefined && { certificateExpires: tls.expires }) }
    const runtime = { node: process.version, v8Workers: v8Workers() }
    log.info({ ...serving, maxConnections, ...runtime, ...opened }, 'listening')
  } catch (error) {
    await close(closers)
    throw error
  }
}

/**
 * Maximum number of connections that wait to be accepted. The kernel lowers it to net.core.somaxconn. At the
 * limit, the kernel silently drops the first packet of a connection, and the client retries after one second,
 * then two, then four. Node's default is 511, which is far too low when a few thousand readers reconnect at
 * once.
 */
const BACKLOG = 65_535

/** From this limit on connections, the listener is copied. Fewer can be accepted one by one. */
const MIN_FOR_COPIES = 64

/**
 * Returns the configured number, or less if the limit on open files is too low: the store's files come first.
 */
function connectionLimit(configured: number | 'auto', log: Logger): number {
  const files = openFiles()
  const most = mostConnections({ ...files, open: files.open + LISTENER_COPIES })
  if (configured === 'auto' || configured <= most) return configured === 'auto' ? most : configured
  const { limit: openFileLimit } = files
  log.warn(
    { configured, maxConnections: most, openFileLimit },
    'WEIR_MAX_CONNECTIONS lowered: the limit on open files is too low'
  )
  return most
}

/** Loads the tokens, and reloads them whenever the file changes. Undefined if no token is required. */
function openTokens(file: string, reloading: Reloading): TokenFile | undefined {
  if (file === '') return undefined
  const { name } = VARIABLES.tokensFile
  const tokens = usingPath(name, file, () => new TokenFile(file))
  reloading.add({
    what: 'tokens',
    files: [file],
    reload: () => usingPath(name, file, () => tokens.reload())
  })
  return tokens
}
