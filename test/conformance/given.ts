import type { Engine } from '../../src/contract/engine.ts'
import type { ConsumerRef, GroupRef, StreamRef } from '../../src/contract/refs.ts'

/** An engine that holds nothing yet, opened for one test. */
export interface Opened {
  readonly engine: Engine
  /** How many readers it lets wait at once: few, since a test fills it up. */
  readonly maxWaiting: number
  /** At how many streams and groups, in all: not many more. */
  readonly maxWaitingPlaces: number
  /** Longer than a few requests take by the engine's clock. */
  readonly spanMs: number
  /** Lets so much time pass for the engine. */
  elapse(ms: number): Promise<void>
  /** Also for an engine that the test has closed. */
  close(): Promise<void>
}

/** What a test is given: an engine, and names for what may be in it. Nothing of it exists yet. */
export interface Given extends Opened {
  readonly orders: StreamRef
  /** A group of `orders`, and three consumers of it. */
  readonly billing: GroupRef
  readonly ann: ConsumerRef
  readonly bob: ConsumerRef
  readonly cid: ConsumerRef
}

/** States a sentence of the contract, and proves it. */
export type It = (sentence: string, prove: (given: Given) => Promise<void>) => void
