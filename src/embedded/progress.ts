/** Reports the progress of a long task. Called often. */
export type OnProgress = (what: string, done: number, of: number) => void

/** Time to the first line, and between lines. Shorter tasks print nothing. */
const EVERY_MS = 5000

/** Prints the progress as a line every five seconds. */
export function throttledProgress(
  say: (line: string) => void,
  now: () => number = () => performance.now()
): OnProgress {
  let dueAt = now() + EVERY_MS
  return (what, done, of) => {
    if (now() < dueAt) return
    dueAt = now() + EVERY_MS
    say(`${done.toLocaleString('en')} of ${of.toLocaleString('en')} ${what}`)
  }
}
