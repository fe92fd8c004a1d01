import type { PendingEntry } from '../api/answers.ts'
import { duration } from '../format.ts'

/** When a pending entry is delivered again: "due in 12 s", "due", "delayed 30 s". */
export function dueText(state: PendingEntry['state'], dueInMs: number | undefined): string {
  if (state === 'due') return 'due'
  if (state === 'delayed') return dueInMs === undefined ? 'delayed' : `delayed ${duration(dueInMs)}`
  return dueInMs === undefined ? 'no time limit' : `due in ${duration(dueInMs)}`
}
