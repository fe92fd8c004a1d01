/** Is told, again and again, how far something is that may go on for long. */
export type OnProgress = (what: string, done: number, of: number) => void

/** Silent for so long, for what is done sooner, and between one line and the next. */
const EVERY_MS = 5000

/** Says now and then, in a line, what it is told. */
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
