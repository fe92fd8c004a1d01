import { pause, untilHidden, whenVisible } from '../live/visibility.ts'
import type { Entry, Problem } from './answers.ts'
import { Refusal, Unreachable, withResponse } from './client.ts'
import { EventParser } from './events.ts'
import { tailPath } from './operations.ts'

/** Delay before an interrupted tail is resumed. */
const RETRY_MS = 1000

/**
 * Passes on the entries that are appended to a stream after an id, until the signal aborts. If the page was hidden or
 * the server unreachable, resumes after the last entry it received. Rejects with a `Refusal` if the server refuses the
 * tail or ends it with a problem.
 */
export async function followStream(
  stream: string,
  after: string,
  signal: AbortSignal,
  take: (entries: Entry[]) => void
): Promise<void> {
  let last = after
  while (!signal.aborted) {
    await whenVisible(signal)
    const visible = untilHidden(signal)
    try {
      await readEvents(stream, last, visible.signal, (entries) => {
        last = entries.at(-1)?.id ?? last
        take(entries)
      })
    } catch (error) {
      if (error instanceof Refusal) throw error
      if (!(error instanceof Unreachable) && !visible.signal.aborted) throw error
    } finally {
      visible.release()
    }
    await pause(RETRY_MS, signal)
  }
}

async function readEvents(
  stream: string,
  after: string,
  signal: AbortSignal,
  take: (entries: Entry[]) => void
): Promise<void> {
  const headers = { accept: 'text/event-stream' }
  await withResponse('GET', tailPath(stream, after), { headers, signal }, async ({ body }) => {
    if (body === null) return
    const parser = new EventParser()
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const entries: Entry[] = []
      for (const { name, data } of parser.push(value)) {
        if (name === 'problem') {
          const problem: Problem = JSON.parse(data)
          throw new Refusal(problem.status, problem)
        }
        entries.push(JSON.parse(data))
      }
      if (entries.length > 0) take(entries)
    }
  })
}
