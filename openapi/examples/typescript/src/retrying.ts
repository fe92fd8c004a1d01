import { Refusal, reasonOf } from './client.js'
import { log } from './settings.js'
import { pause, stopped } from './stop.js'

/** The time in which Weir must answer a request that does not wait for entries. */
export const TIMEOUT_MS = 5000
const PAUSE_MS = 1000
const MAX_PAUSE_MS = 60_000

/**
 * Sends a request until it is answered, and returns the answer. Throws a `Refusal` that would come again. When the
 * worker is to stop, throws the last error after `triesAfterStop` more tries.
 */
export async function retrying<T>(
  name: string,
  send: (signal: AbortSignal) => Promise<T>,
  { timeoutMs = TIMEOUT_MS, triesAfterStop = 2 } = {}
): Promise<T> {
  for (let triesLeft = triesAfterStop; ; ) {
    try {
      return await send(AbortSignal.timeout(timeoutMs))
    } catch (error) {
      const isFinal = error instanceof Refusal && !error.problem.retryable
      if (isFinal || (stopped.aborted && triesLeft-- === 0)) throw error
      log(`${name} will be sent again: ${reasonOf(error)}`)
      await pause(pauseAfter(error))
    }
  }
}

function pauseAfter(error: unknown): number {
  if (!(error instanceof Refusal)) return PAUSE_MS
  const { retryAfterMs = error.retryAfterSeconds * 1000 } = error.problem
  return Math.min(retryAfterMs || PAUSE_MS, MAX_PAUSE_MS)
}

const GONE = ['stream-not-found', 'group-not-found', 'consumer-not-found']

/** Whether somebody deleted the stream, the group or the consumer. */
export function isGone(error: unknown): boolean {
  return error instanceof Refusal && GONE.includes(error.problem.code)
}
