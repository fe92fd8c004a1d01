import type { Logger } from 'pino'
import type { Reloading } from './reloading.ts'

export const EXIT_FAILED = 1

/** How long closing may take before the process ends all the same. */
const CLOSE_DELAY_MS = 10_000
/** Under `npm start` a Ctrl-C comes from the terminal and from npm: signals so close together are one wish. */
const SAME_WISH_MS = 1000

/** Undoes a step of starting. */
export type Closer = () => Promise<void>

/** Undoes the steps of starting, the last one first. */
export async function close(closers: Closer[]): Promise<void> {
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer()
}

/**
 * Closes and ends the process with 0 when a signal asks for it, or with the code that the function it gives is called
 * with. A second signal does not wait for that. SIGHUP reads files again where there are some. An exception that nobody
 * caught closes nothing: who knows what was half done? What was answered is on disk, and the next start goes on from
 * there.
 */
export function endOnSignal(
  log: Logger,
  closers: Closer[],
  reloading: Reloading
): (exitCode: number) => void {
  let startedAt: number | undefined
  const failed = (err: unknown, what: string): never => {
    log.fatal({ err }, what)
    process.exit(EXIT_FAILED)
  }
  // Node calls it for rejections that nobody handles as well. Signals that report a crash end the process by themselves.
  process.on('uncaughtException', (error) => failed(error, 'uncaught exception'))
  const end = (exitCode: number): void => {
    if (startedAt !== undefined) return
    startedAt = performance.now()
    setTimeout(() => {
      log.error({ delayMs: CLOSE_DELAY_MS }, 'closing took too long')
      process.exit(EXIT_FAILED)
    }, CLOSE_DELAY_MS)
    close(closers).then(
      () => {
        log.info('closed')
        process.exit(exitCode)
      },
      (error) => failed(error, 'failed to close')
    )
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
