import { setImmediate } from 'node:timers/promises'
import type { Streams } from './core/streams.ts'

/** Removes the blocks of deleted streams from memory, a few in each turn of the event loop. */
export async function evictDeleted(streams: Streams): Promise<void> {
  while (streams.letGo()) await setImmediate()
}
