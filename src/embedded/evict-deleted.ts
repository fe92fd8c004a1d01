import { setImmediate } from 'node:timers/promises'
import type { Streams } from './core/streams.ts'

/** Lets go of what deleted streams have left in memory, a few blocks in each turn of the event loop. */
export async function evictDeleted(streams: Streams): Promise<void> {
  while (streams.letGo()) await setImmediate()
}
