import { setTimeout as sleep } from 'node:timers/promises'

const controller = new AbortController()

/** Aborted by the first SIGTERM or SIGINT. */
export const stopped = controller.signal

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

function stop(): void {
  // Without a listener, the next signal ends the process at once.
  for (const signal of SIGNALS) process.off(signal, stop)
  controller.abort()
}

for (const signal of SIGNALS) process.on(signal, stop)

/** Waits, but not longer than until the worker is to stop. After that, waits for a second at most. */
export async function pause(ms: number): Promise<void> {
  if (stopped.aborted) await sleep(Math.min(ms, 1000))
  else await sleep(ms, undefined, { signal: stopped }).catch(() => {})
}
