import type { Engine } from '../../src/contract/engine.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'
import { KnownIds } from './crash-known-ids.ts'
import { nextCall } from './crash-random-calls.ts'
import type { HistoryRecorder } from './crash-recorder.ts'
import type { Random } from './random.ts'

export interface Workload {
  readonly random: Random
  /** How many requests are sent. */
  readonly requests: number
  /** How many requests are in flight at a time. */
  readonly lanes: number
}

/** Sends random requests to an engine. `streams` is the engine's state. */
export async function runWorkload(
  engine: Engine,
  streams: Streams,
  recorder: HistoryRecorder,
  { random, requests, lanes }: Workload
): Promise<void> {
  const known = new KnownIds(random, streams)
  let left = requests
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const call = nextCall(known)
      const answer = await recorder.perform(engine, call)
      if (answer !== undefined) known.learn(call, answer)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
