import type { AttackContext } from '../attack.ts'

/** The prefix of the streams that the attackers' token allows. No other stream has it. */
export const PREFIX = 'siege'
export const STREAM = `/v1/streams/${PREFIX}`
export const ENTRIES = `${STREAM}/entries`
export const GROUP = `${STREAM}/groups/raiders`
/** A stream with some large entries, of which an answer may hold several. */
export const LARGE = `/v1/streams/${PREFIX}-large`
export const LARGE_ENTRIES = 6
/** A stream with many small entries. */
export const LONG = `/v1/streams/${PREFIX}-long`
const BATCH = 1000
const LONG_ENTRIES = 50_000

/** Creates the streams that several attacks use. */
export async function prepareStreams({ target, ask }: AttackContext): Promise<void> {
  const must = async (method: string, path: string, body?: unknown): Promise<void> => {
    const status = await ask(method, path, body)
    if (status >= 300 || status === 0) throw new Error(`${method} ${path} was answered with ${status}`)
  }
  await must('PUT', STREAM, {})
  await must('PUT', GROUP, {})
  const large = { text: 'x'.repeat(target.bodyLimitBytes - 1000) }
  for (let n = 0; n < LARGE_ENTRIES; n++)
    await must('POST', `${LARGE}/entries`, { entries: [{ fields: large }] })
  await must('PUT', `${LARGE}/groups/raiders`, {})
  await fill(must)
  await must('PUT', `${LONG}/groups/raiders`, {})
}

/** Appends the entries of the long stream. */
export async function fill(
  send: (method: string, path: string, body: unknown) => Promise<unknown>
): Promise<void> {
  const entries = Array.from({ length: BATCH }, (_, n) => ({
    fields: { n: `${n}`, padding: 'x'.repeat(50) }
  }))
  for (let n = 0; n < LONG_ENTRIES; n += BATCH) await send('POST', `${LONG}/entries`, { entries })
}
