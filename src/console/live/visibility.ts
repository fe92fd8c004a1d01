import { Store } from './store.ts'

/** Whether the page is visible. While it is hidden, it sends no requests. */
export const isVisible = new Store(!document.hidden)
document.addEventListener('visibilitychange', () => isVisible.set(!document.hidden))

/** Resolves when the page is visible, at once if it is. Also resolves when the signal aborts. */
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

/** Returns a signal that aborts when the given one does, and when the page is hidden. */
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

/** Resolves after a delay, or as soon as the signal aborts. */
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
