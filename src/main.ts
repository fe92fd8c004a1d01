#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect } from 'node:util'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { type Config, ConfigError, type Environment, helpText, isLoopback, readConfig } from './config.ts'
import { backUp } from './embedded/backup.ts'
import { checkDirectory, type Soundness } from './embedded/check.ts'
import { openDoor } from './embedded/door.ts'
import { type EmbeddedEngine, openEmbeddedEngine } from './embedded/engine.ts'
import { EngineError } from './errors.ts'
import { newToken, tokenMistakes } from './http/access/new-token.ts'
import { TokenFile } from './http/access/token-file.ts'
import { TokensError } from './http/access/tokens.ts'
import { beginDrain, buildServer, renewTls } from './http/server.ts'
import { createLogger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { Reloading } from './reloading.ts'
import { readTlsKeys, TlsError } from './tls-files.ts'

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
  const [command, first, second] = args
  if (command === 'check' && first !== undefined && args.length === 2) return check(first)
  if (command === 'backup' && second !== undefined && args.length === 3) return backup(first ?? '', second)
  if (command === 'token' && first !== undefined && args.length > 2) return token(first, args.slice(2))
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

/** Prints a new token, and below it what of it belongs into the file. */
function token(name: string, allow: readonly string[]): number {
  const mistakes = tokenMistakes(name, allow)
  if (mistakes.length > 0) return complain(EXIT_USAGE, ...mistakes)
  const { token, line } = newToken(name, allow)
  process.stderr.write(
    'The token, which is shown this once, and its line for the list in WEIR_TOKENS_FILE:\n'
  )
  return say(`${token}\n${line}\n`)
}

/** Copies a data directory, reads all of the copy, and prints what that holds. */
async function backup(directory: string, to: string): Promise<number> {
  try {
    await backUp(directory, to)
    return say(describe(to, await checkDirectory(to)))
  } catch (error) {
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
  const reloading = new Reloading(log)
  closers.push(async () => reloading.close())
  const endProcess = endOnSignal(log, closers, reloading)
  try {
    const metrics = createMetrics({ maxGroups: config.metricsGroups })
    const access = openTokens(config.tokensFile, reloading)
    const { tlsCertFile, tlsKeyFile } = config
    const tls = tlsCertFile === '' ? undefined : readTlsKeys(tlsCertFile, tlsKeyFile)
    const openingAt = performance.now()
    const engine = await openEmbeddedEngine({
      directory: config.dataDir,
      fsync: config.fsync,
      maxWaiting: config.maxWaiting,
      most: { streams: config.maxStreams, groups: config.maxGroups, consumers: config.maxConsumers },
      memoryBytes: config.memoryBytes,
      onCheckpoint: (checkpoint) => {
        metrics.checkpointed(checkpoint)
        if (checkpoint.error !== undefined) log.error({ err: checkpoint.error }, 'checkpoint failed')
      },
      onFlush: (flush) => metrics.flushed(flush),
      onFailure: (error) => {
        log.fatal({ err: error }, 'storage failed')
        endProcess(EXIT_FAILED)
      }
    })
    const recovery = { ...engine.recovery, ms: Math.round(performance.now() - openingAt) }
    closers.push(() => engine.close())
    await letBackUp(engine, config.dataDir, log, closers)
    const { bodyLimitBytes, maxWaitMs } = config
    const server = await buildServer({
      engine,
      metrics,
      logger: log,
      bodyLimitBytes,
      maxWaitMs,
      limits: config,
      ...(tls !== undefined && { tls }),
      ...(access !== undefined && { access })
    })
    closers.push(async () => {
      beginDrain(server)
      await server.close()
    })
    if (tls !== undefined) {
      const reload = () => renewTls(server, readTlsKeys(tlsCertFile, tlsKeyFile))
      reloading.add({ what: 'TLS keys', files: [tlsCertFile, tlsKeyFile], reload })
    }
    if (access !== undefined && tls === undefined && !isLoopback(config.host)) {
      log.warn('tokens come in the clear: only what is in front of Weir can keep them secret')
    }
    const address = await server.listen({ host: config.host, port: config.port })
    const serving = { address, ...(tls !== undefined && { certificateExpires: tls.expires }) }
    const { fsync } = config
    log.info({ ...serving, directory: resolve(config.dataDir), fsync, recovery }, 'listening')
  } catch (error) {
    await close(closers)
    throw error
  }
}

/** Where a directory cannot have a socket, Weir does without, and the directory can be copied while it is not running. */
async function letBackUp(
  engine: EmbeddedEngine,
  directory: string,
  log: Logger,
  closers: Closer[]
): Promise<void> {
  try {
    const door = await openDoor(directory, () => engine.hold())
    closers.push(() => door.close())
  } catch (error) {
    log.warn({ err: error }, 'no backups while running')
  }
}

/** Reads who may do what, now and whenever the file changes. Undefined where nobody is to be asked. */
function openTokens(file: string, reloading: Reloading): TokenFile | undefined {
  if (file === '') return undefined
  const tokens = new TokenFile(file)
  reloading.add({ what: 'tokens', files: [file], reload: () => tokens.reload() })
  return tokens
}

/** Undoes a step of starting. */
type Closer = () => Promise<void>

/** Undoes the steps of starting, the last one first. */
async function close(closers: Closer[]): Promise<void> {
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer()
}

/**
 * Closes and ends the process with 0 when a signal asks for it, or with the code that the function it gives is
 * called with. A second signal does not wait for that. SIGHUP reads files again, where there are any. An exception that
 * nobody caught closes nothing: who knows what was half done? What was answered is on disk, and the next start goes on
 * from there.
 */
function endOnSignal(log: Logger, closers: Closer[], reloading: Reloading): (exitCode: number) => void {
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
  const endBy = (signal: NodeJS.Signals): void => {
    if (startedAt === undefined) log.info({ signal }, 'closing')
    else if (performance.now() - startedAt > SAME_WISH_MS) process.exit(EXIT_FAILED)
    end(0)
  }
  process.on('SIGTERM', endBy)
  process.on('SIGINT', endBy)
  // A terminal that goes away ends what runs in it; of a server with files to read again it asks that.
  process.on('SIGHUP', (signal) => (reloading.isNeeded ? reloading.now() : endBy(signal)))
  return end
}

/** Errors that say all there is to say: refusals of ours and of the operating system. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof EngineError ||
    error instanceof TokensError ||
    error instanceof TlsError ||
    (error instanceof Error && 'syscall' in error)
  )
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
