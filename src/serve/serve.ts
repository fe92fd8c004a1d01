import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { type Config, isLoopback } from '../config/config.ts'
import { VARIABLES } from '../config/variables.ts'
import { TokenFile } from '../http/access/token-file.ts'
import { beginDrain, buildServer, recheckTokens, renewTls, takeConnection } from '../http/server.ts'
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

/** Also when the sources are run as they are. */
const CONSOLE_DIRECTORY = fileURLToPath(new URL('../../dist/console', import.meta.url))

/** Starts everything, and closes what was started when a later step fails. Resolves when Weir listens, or was closed before. */
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
    const { engine, opened, letBackUp } =
      config.engine === 'redis'
        ? await openRedis(config, log)
        : await openEmbedded(config, log, metrics, onFailure)
    closers.push(() => engine.close())
    await letBackUp?.(closers)
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
      consoleDirectory: CONSOLE_DIRECTORY,
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
    if (maxConnections >= CROWD)
      copies.make(server.server, BACKLOG, (socket) => takeConnection(server, socket))
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
 * Connections that may wait until they are accepted: as many as the kernel allows, which is net.core.somaxconn. Of those
 * beyond, the kernel drops the first packet without a word, and they come again a second later, then after two, and
 * four. Node's own default is 511, which a few thousand readers are far above when they all come back at once.
 */
const BACKLOG = 65_535

/** So many connections are a crowd. Fewer can be let in one after the other. */
const CROWD = 64

/** What was configured, unless the limit of open files is too low for it: then files of the store come first. */
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

/** Reads who may do what, now and whenever the file changes. Undefined where nobody is to be asked. */
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
