import type { Logger } from 'pino'
import type { Reloading } from './reloading.ts'

export const EXIT_FAILED = 1

/** How long closing may take. After that the process ends anyway. */
const MAX_CLOSE_MS = 10_000
/**
 * Under `npm start`, both the terminal and npm send the signal of a Ctrl-C. Within this time, they count as
 * one.
 */
const SAME_SIGNAL_MS = 1000

/** Undoes a step of starting. */
export type Closer = () => Promise<void>

/** Undoes the steps of starting, in reverse order. */
export async function close(closers: Closer[]): Promise<void> {
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer()
}

/**
 * On SIGTERM or SIGINT, closes everything and ends the process with 0. A second signal ends it at once.
 * SIGHUP reloads files, or ends the process if there are none to reload. Returns a function that closes
 * everything and ends the process with another exit code.
 *
 * An uncaught exception ends the process without closing anything, because something may be half done.
 * Answered changes are on disk, and the next start continues from there.
 */
export function endOnSignal(
  log: Logger,
  closers: Closer[],
  reloading: Reloading
): (exitCode: number) => void {
  let startedAt: number | undefined
  const fail = (err: unknown, message: string): never => {
    log.fatal({ err }, message)
    process.exit(EXIT_FAILED)
  }
  // Node also calls this for unhandled rejections. Signals that report a crash need no handler: they end the
  // process.
  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'))
  const end = (exitCode: number): void => {
    if (startedAt !== undefined) return
    startedAt = performance.now()
    setTimeout(() => {
      log.error({ delayMs: MAX_CLOSE_MS }, 'closing took too long')
      process.exit(EXIT_FAILED)
    }, MAX_CLOSE_MS)
    close(closers).then(
      () => {
        log.info('closed')
        process.exit(exitCode)
      },
      (error) => fail(error, 'failed to close')
    )
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    if (startedAt === undefined) log.info({ signal }, 'closing')
    else if (performance.now() - startedAt > SAME_SIGNAL_MS) process.exit(EXIT_FAILED)
    end(0)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // A closing terminal sends SIGHUP to end its programs. To a server with files, SIGHUP means to reload them.
  process.on('SIGHUP', (signal) => (reloading.isNeeded ? reloading.now() : onSignal(signal)))
  return end
}
