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

interface State<T> {
  readonly key: string
  readonly found?: T
  readonly refusal?: Refusal
}

/** What was found before stays to be seen, unless it is not there any more. */
function afterRefusal<T>(seen: State<T>, key: string, refusal: Refusal): State<T> {
  if (seen.key !== key || seen.found === undefined || refusal.status === 404) return { key, refusal }
  return { key, found: seen.found, refusal }
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
  const [state, setState] = useState<State<T>>({ key })
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
          if (error instanceof Unreachable) failures++
          else if (error instanceof Refusal) {
            if (!leaving.signal.aborted) setState((seen) => afterRefusal(seen, key, error))
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
    found: isCurrent ? state.found : undefined,
    refusal: isCurrent ? state.refusal : undefined,
    again: () => current.current.wake()
  }
}
