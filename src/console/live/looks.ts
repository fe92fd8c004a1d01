import { useEffect, useRef, useState } from 'preact/hooks'
import { Refusal, Unreachable } from '../api/client.ts'
import { pause, untilHidden, whenVisible } from './visibility.ts'

/** What was found by looking again and again. */
export interface Looks<T> {
  /** The last that was found; it stays while the server is away. */
  readonly found: T | undefined
  /** Why the last look was refused. */
  readonly refusal: Refusal | undefined
  /** Looks at once. */
  again(): void
}

/** How long to wait before the server is asked again that did not answer. */
const RETRY_MS = [500, 1000, 2000, 5000]

/**
 * Looks as long as the component is there and the page is visible: anew whenever `key` changes, and else `everyMs`
 * after the last answer, so that a server that is slow is asked less.
 */
export function useLooks<T>(
  key: string,
  everyMs: number,
  look: (signal: AbortSignal) => Promise<T>
): Looks<T> {
  const [state, setState] = useState<{ key: string; found?: T; refusal?: Refusal }>({ key })
  const current = useRef({ look, wake: () => {} })
  current.current.look = look
  useEffect(() => {
    const leaving = new AbortController()
    void (async () => {
      let failures = 0
      while (!leaving.signal.aborted) {
        await whenVisible(leaving.signal)
        const visible = untilHidden(leaving.signal)
        try {
          const found = await current.current.look(visible.signal)
          if (!leaving.signal.aborted) setState({ key, found })
          failures = 0
        } catch (error) {
          if (error instanceof Refusal && !leaving.signal.aborted) setState({ key, refusal: error })
          else if (error instanceof Unreachable) failures++
          else if (!visible.signal.aborted) throw error
        } finally {
          visible.release()
        }
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
    found: isCurrent ? state.found : undefined,
    refusal: isCurrent ? state.refusal : undefined,
    again: () => current.current.wake()
  }
}
