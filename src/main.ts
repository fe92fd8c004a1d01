#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect } from 'node:util'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { type Config, ConfigError, type Environment, helpText, readConfig } from './config.ts'
import { checkDirectory, type Soundness } from './embedded/check.ts'
import { openEmbeddedEngine } from './embedded/engine.ts'
import type { Engine } from './engine.ts'
import { EngineError } from './errors.ts'
import { beginDrain, buildServer } from './http/server.ts'
import { createLogger } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'

const EXIT_FAILED = 1
/** What was asked for, by arguments or environment, is not clear. */
const EXIT_USAGE = 2

/** How long closing may take before the process ends all the same. */
const CLOSE_DELAY_MS = 10_000
/** Under `npm start` a Ctrl-C comes from the terminal and from npm: signals so close together are one wish. */
const SAME_WISH_MS = 1000

// Of all events that it can listen to, close-with-grace gets the errors. The signals that ask to end are handled
// here; those that report a crash must end the process, because no handler can go on after them.
const NOT_GRACES: closeWithGrace.AllEvents[] = [
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'beforeExit'] as const),
  ...(['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const)
]

process.exitCode = await main(process.argv.slice(2), process.env)

/** Does what the arguments ask for; without any, starts to serve. Gives the exit code. */
async function main(args: readonly string[], environment: Environment): Promise<number> {
  const asked = args.join(' ')
  const [command, directory] = args
  if (command === 'check' && directory !== undefined && args.length === 2) return check(directory)
  if (asked === '--help') return say(helpText())
  if (asked === '--version') return say(`${version()}\n`)
  if (asked !== '') return complain(EXIT_USAGE, `unknown arguments: ${asked}`, 'Try weir --help.')
  try {
    await serve(readConfig(environment))
    return 0
  } catch (error) {
    if (error instanceof ConfigError) return complain(EXIT_USAGE, ...error.mistakes)
    return complain(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

/** Prints what a data directory holds. */
async function check(directory: string): Promise<number> {
  try {
    return say(describe(directory, await checkDirectory(directory)))
  } catch (error) {
    return complain(EXIT_FAILED, isExpected(error) ? error.message : inspect(error))
  }
}

function describe(directory: string, { checkpoint, blocks, recovery, ...found }: Soundness): string {
  const { records, bytes, cutBytes, cutAt } = recovery
  const torn =
    cutAt === undefined
      ? ''
      : `, and take away ${cutBytes} bytes of a flush that a crash cut short, in ${cutAt.file} at byte ${cutAt.offset}`
  const from =
    checkpoint === null ? 'has no checkpoint' : `has a checkpoint of journal position ${checkpoint}`
  return [
    `${resolve(directory)} is sound.`,
    `It holds ${found.streams} streams with ${found.entries} entries, and ${found.groups} groups with ${found.pending} pending entries.`,
    `The store ${from}, with ${blocks} blocks of entries.`,
    `A start would read ${records} records (${bytes} bytes) of the journal${torn}.`,
    ''
  ].join('\n')
}

/** Starts everything, and closes what was started when a later step fails. Resolves when Weir listens. */
async function serve(config: Config): Promise<void> {
  const log = createLogger(config.logLevel)
  const closers: Closer[] = []
  const endProcess = endOnSignal(log, closers)
  try {
    const metrics = createMetrics()
    const onFailure = (error: Error) => {
      log.fatal({ err: error }, 'storage failed')
      endProcess(EXIT_FAILED)
    }
    const { engine, opened } =
      config.engine === 'redis'
        ? await openRedis(config, log)
        : await openEmbedded(config, log, metrics, onFailure)
    closers.push(() => engine.close())
    const { bodyLimitBytes, maxWaitMs } = config
    const server = await buildServer({ engine, metrics, logger: log, bodyLimitBytes, maxWaitMs })
    closers.push(async () => {
      beginDrain(server)
      await server.close()
    })
    const address = await server.listen({ host: config.host, port: config.port })
    log.info({ address, ...opened }, 'listening')
  } catch (error) {
    await close(closers)
    throw error
  }
}

/** An engine, and what the log says of it. */
interface Opened {
  readonly engine: Engine
  readonly opened: Readonly<Record<string, unknown>>
}

async function openEmbedded(
  config: Config,
  log: Logger,
  metrics: Metrics,
  onFailure: (error: Error) => void
): Promise<Opened> {
  const openingAt = performance.now()
  const { dataDir, fsync, maxWaiting, memoryBytes } = config
  const engine = await openEmbeddedEngine({
    directory: dataDir,
    fsync,
    maxWaiting,
    memoryBytes,
    onCheckpoint: (checkpoint) => {
      metrics.checkpointed(checkpoint)
      if (checkpoint.error !== undefined) log.error({ err: checkpoint.error }, 'checkpoint failed')
    },
    onFlush: (flush) => metrics.flushed(flush),
    onFailure
  })
  const recovery = { ...engine.recovery, ms: Math.round(performance.now() - openingAt) }
  return { engine, opened: { directory: resolve(dataDir), fsync, recovery } }
}

/** Opens while Redis is down, too: the server is not ready then, until it is there. */
async function openRedis(config: Config, log: Logger): Promise<Opened> {
  // Whoever keeps streams on this machine need not load what speaks to another one.
  const [{ parsePlace }, { openRedisEngine }] = await Promise.all([
    import('./redis/address.ts'),
    import('./redis/engine.ts')
  ])
  const place = parsePlace(config.redisUrl)
  if (place === undefined) throw new ConfigError(['WEIR_REDIS_URL is no address of Redis.'])
  let isDown = false
  const engine = await openRedisEngine({
    place,
    prefix: config.redisPrefix,
    maxWaiting: config.maxWaiting,
    onUp: () => {
      log.info('connected to Redis')
      isDown = false
    },
    onDown: (error) => {
      if (!isDown) log.error({ err: error }, 'Redis cannot be reached')
      isDown = true
    }
  })
  const servers = engine.status().servers?.map(({ address, server }) => ({ address, server }))
  return { engine, opened: { servers } }
}

/** Undoes a step of starting. */
type Closer = () => Promise<void>

/** Undoes the steps of starting, the last one first. */
async function close(closers: Closer[]): Promise<void> {
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer()
}

/**
 * Closes and ends the process with 0 when a signal asks for it, or with the code that the function it gives is
 * called with. A second signal does not wait for that. An exception that nobody caught closes nothing: who knows
 * what was half done? What was answered is on disk, and the next start goes on from there.
 */
function endOnSignal(log: Logger, closers: Closer[]): (exitCode: number) => void {
  let startedAt: number | undefined
  let exitCode = 0
  const ending = closeWithGrace({ delay: CLOSE_DELAY_MS, logger: log, skip: NOT_GRACES }, async ({ err }) => {
    if (err !== undefined) return log.fatal({ err }, 'uncaught exception')
    await close(closers)
    log.info('closed')
    process.exit(exitCode)
  })
  const end = (code: number): void => {
    if (startedAt !== undefined) return
    startedAt = performance.now()
    exitCode = code
    ending.close()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (startedAt === undefined) log.info({ signal }, 'closing')
      else if (performance.now() - startedAt > SAME_WISH_MS) process.exit(EXIT_FAILED)
      end(0)
    })
  }
  return end
}

/** Errors that say all there is to say: refusals of ours and of the operating system. */
function isExpected(error: unknown): error is Error {
  return error instanceof EngineError || (error instanceof Error && 'syscall' in error)
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(exitCode: number, ...lines: string[]): number {
  process.stderr.write(lines.map((line) => `weir: ${line}\n`).join(''))
  return exitCode
}
