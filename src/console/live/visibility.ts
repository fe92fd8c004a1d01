import { Store } from './store.ts'

/** Whether anybody can see the page. While nobody can, it asks nothing of the server. */
export const isVisible = new Store(!document.hidden)
document.addEventListener('visibilitychange', () => isVisible.set(!document.hidden))

/** Resolves at once while the page is visible, and else when it is again or the signal aborts. */
export async function whenVisible(signal: AbortSignal): Promise<void> {
  if (isVisible.value || signal.aborted) return
  await new Promise<void>((resolve) => {
    const settle = () => {
      stop()
      signal.removeEventListener('abort', settle)
      resolve()
    }
    const stop = isVisible.subscribe(settle)
    signal.addEventListener('abort', settle)
  })
}

/** A signal that aborts with another one, and when the page is hidden. */
export function untilHidden(signal: AbortSignal): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const abort = () =>
    controller.abort(signal.aborted ? signal.reason : new DOMException('Hidden', 'AbortError'))
  const stop = isVisible.subscribe(abort)
  signal.addEventListener('abort', abort)
  if (signal.aborted || !isVisible.value) abort()
  return {
    signal: controller.signal,
    release() {
      stop()
      signal.removeEventListener('abort', abort)
    }
  }
}

/** Resolves after a while, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', settle)
      resolve()
    }
    const timer = setTimeout(settle, ms)
    signal.addEventListener('abort', settle)
  })
}
