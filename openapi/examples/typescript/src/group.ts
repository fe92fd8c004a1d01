import { answerOf, type Entry, reasonOf, weir } from './client.js'
import { isGone, retrying, TIMEOUT_MS } from './retrying.js'
import { log, settings } from './settings.js'
import { pause, stopped } from './stop.js'

const { stream, group, consumer, waitMs, ackTimeoutMs } = settings
const GROUP = '/v1/streams/{stream}/groups/{group}'
const params = { path: { stream, group } }

/** Creates the group unless it exists. A group that exists keeps its delivery policy. */
export async function ensureGroup(): Promise<void> {
  const body = { createStream: true, delivery: { ackTimeoutMs, maxDeliveries: 5 } }
  await retrying('ensureGroup', (signal) => answerOf(weir.PUT(GROUP, { params, body, signal })))
}

/**
 * Returns the entries that are pending for this consumer after an id, or new ones, for which it waits. Returns none when
 * the worker is to stop.
 */
export async function readGroup(after: string | undefined): Promise<Entry[]> {
  const body = { consumer, count: 10, waitMs, after }
  try {
    const { entries } = await retrying(
      'readGroup',
      (timeout) => {
        const signal = AbortSignal.any([timeout, stopped])
        return answerOf(weir.POST(`${GROUP}/read`, { params, body, signal }))
      },
      { timeoutMs: waitMs + TIMEOUT_MS, triesAfterStop: 0 }
    )
    return entries
  } catch (error) {
    if (stopped.aborted) return []
    if (!isGone(error)) throw error
    log(`readGroup: ${reasonOf(error)}`)
    await pause(1000)
    await ensureGroup()
    return []
  }
}

export async function ack(id: string): Promise<void> {
  await settle('ackEntries', id, (signal) =>
    answerOf(weir.POST(`${GROUP}/ack`, { params, body: { ids: [id], consumer }, signal }))
  )
}

/** Gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries left. */
export async function nack(id: string, reason: string): Promise<void> {
  await settle('nackEntries', id, (signal) =>
    answerOf(
      weir.POST(`${GROUP}/nack`, { params, body: { ids: [id], consumer, outcome: 'retry', reason }, signal })
    )
  )
}

/** Starts the time of these entries again. They are named: an entry whose delivery got lost on the way must fall due. */
export async function extend(ids: string[]): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  await answerOf(weir.POST(`${GROUP}/extend`, { params, body: { ids, consumer }, signal }))
}

/** Deletes this consumer. What it still holds is due at once, and the delivery to it does not count. */
export async function leave(): Promise<void> {
  const path = { stream, group, consumer }
  const query = { pending: 'release' as const }
  try {
    await retrying('deleteConsumer', (signal) =>
      answerOf(weir.DELETE(`${GROUP}/consumers/{consumer}`, { params: { path, query }, signal }))
    )
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

async function settle(
  name: string,
  id: string,
  send: (signal: AbortSignal) => Promise<{ notPending: string[] }>
): Promise<void> {
  try {
    const { notPending } = await retrying(name, send)
    if (notPending.length > 0) log(`${id} was given to another consumer meanwhile`)
  } catch (error) {
    if (!isGone(error)) throw error
    log(`${name} of ${id} is dropped: ${reasonOf(error)}`)
  }
}
