/** Reports the progress of a long task. Called often. */
export type OnProgress = (what: string, done: number, total: number) => void

/** Time to the first line, and between lines. Shorter tasks print nothing. */
const EVERY_MS = 5000

/** Prints the progress as a line every five seconds. */
export function nowAndThen(
  print: (line: string) => void,
  now: () => number = () => performance.now()
): OnProgress {
  let dueAt = now() + EVERY_MS
  return (what, done, total) => {
    if (now() < dueAt) return
    dueAt = now() + EVERY_MS
    print(`${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}`)
  }
}
