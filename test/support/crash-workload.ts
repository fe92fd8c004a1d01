import type { Engine } from '../../src/contract/engine.ts'
import type { Streams } from '../../src/embedded/core/streams.ts'
import { Known } from './crash-known-ids.ts'
import { nextCall } from './crash-random-calls.ts'
import type { Scribe } from './crash-recorder.ts'
import type { Random } from './random.ts'

export interface Program {
  readonly random: Random
  /** How many requests it has. */
  readonly requests: number
  /** How many are under way at a time. */
  readonly lanes: number
}

/** Runs a random program, on what the engine holds. */
export async function live(
  engine: Engine,
  streams: Streams,
  scribe: Scribe,
  { random, requests, lanes }: Program
): Promise<void> {
  const known = new Known(random, streams)
  let left = requests
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const call = nextCall(known)
      const answer = await scribe.ask(engine, call)
      if (answer !== undefined) known.learn(call, answer)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
