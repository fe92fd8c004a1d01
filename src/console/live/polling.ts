import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'
import { pause, untilHidden, whenVisible } from './visibility.ts'

/** The state of a request that is polled. */
export interface Polling<T> {
  /** The latest result. It stays while the server is unreachable. */
  readonly data: T | undefined
  /** Why the server refused the latest poll. */
  readonly refusal: Refusal | undefined
  /** Polls without waiting for the next interval. */
  refresh(): void
}

interface State<T> {
  readonly key: string
  readonly data?: T
  readonly refusal?: Refusal
}

/** Keeps the latest result after a refusal, unless the refusal says that the resource does not exist. */
function afterRefusal<T>(state: State<T>, key: string, refusal: Refusal): State<T> {
  if (state.key !== key || state.data === undefined || refusal.status === 404) return { key, refusal }
  return { key, data: state.data, refusal }
}

/** Delays between retries while the server is unreachable. */
const RETRY_MS = [500, 1000, 2000, 5000]

/**
 * Polls while the component is mounted and the page is visible. Polls at once when `key` changes, and otherwise `everyMs`
 * after the last response, so that a slow server gets fewer requests.
 */
export function usePolling<T>(
  key: string,
  everyMs: number,
  poll: (signal: AbortSignal) => Promise<T>
): Polling<T> {
  const [state, setState] = useState<State<T>>({ key })
  const current = useRef({ poll, wake: () => {} })
  current.current.poll = poll
  useEffect(() => {
    const leaving = new AbortController()
    void (async () => {
      let failures = 0
      while (!leaving.signal.aborted) {
        await whenVisible(leaving.signal)
        const visible = untilHidden(leaving.signal)
        try {
          const data = await current.current.poll(visible.signal)
          if (!leaving.signal.aborted) setState({ key, data })
          failures = 0
        } catch (error) {
          if (error instanceof Unreachable) failures++
          else if (error instanceof Refusal) {
            if (!leaving.signal.aborted) setState((before) => afterRefusal(before, key, error))
          } else if (!visible.signal.aborted) throw error
        } finally {
          visible.release()
        }
        if (leaving.signal.aborted) return
        const waking = new AbortController()
        current.current.wake = () => waking.abort()
        leaving.signal.addEventListener('abort', current.current.wake)
        await pause(failures === 0 ? everyMs : (RETRY_MS[failures - 1] ?? 5000), waking.signal)
        leaving.signal.removeEventListener('abort', current.current.wake)
      }
    })()
    return () => leaving.abort()
  }, [key, everyMs])
  const isCurrent = state.key === key
  return {
    data: isCurrent ? state.data : undefined,
    refusal: isCurrent ? state.refusal : undefined,
    refresh: () => current.current.wake()
  }
}
