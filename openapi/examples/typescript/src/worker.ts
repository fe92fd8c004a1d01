import { bill } from './bill.js'
import { type Entry, Refusal, reasonOf } from './client.js'
import { ack, ensureGroup, leave, nack, readGroup } from './group.js'
import { Heartbeat } from './heartbeat.js'
import { log } from './settings.js'
import { stopped } from './stop.js'

try {
  await work()
  await leave()
} catch (error) {
  // Entries that were not given back fall due after their time.
  log(error instanceof Refusal ? `${error.message} (request ${error.problem.requestId})` : reasonOf(error))
  const isFinal = error instanceof Refusal && !error.problem.retryable
  process.exitCode = stopped.aborted && !isFinal ? 0 : 1
}
// A poll or a heartbeat may still be under way.
process.exit()

async function work(): Promise<void> {
  await ensureGroup()
  // First what this consumer read before it was interrupted. It has read all of it when a page is empty.
  let after: string | undefined = '0-0'
  while (!stopped.aborted) {
    const entries: Entry[] = await readGroup(after)
    if (after !== undefined) after = entries.at(-1)?.id
    const heartbeat = new Heartbeat(entries)
    try {
      for (const entry of entries) {
        if (stopped.aborted) break
        await settle(entry)
        heartbeat.drop(entry.id)
      }
    } finally {
      heartbeat.stop()
    }
  }
}

async function settle({ id, fields }: Entry): Promise<void> {
  try {
    // An entry without fields was deleted while it was pending.
    if (fields !== null) await bill(id, fields)
  } catch (error) {
    const reason = reasonOf(error)
    log(`${id} failed: ${reason}`)
    await nack(id, reason)
    return
  }
  await ack(id)
}
