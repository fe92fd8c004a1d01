import type { Engine } from '../../src/contract/engine.ts'
import type { ConsumerRef, GroupRef, StreamRef } from '../../src/contract/refs.ts'

/** An empty engine, opened for one test. */
export interface TestEngine {
  readonly engine: Engine
  /** The maximum number of waiting readers: low, because a test reaches it. */
  readonly maxWaiting: number
  /** The maximum number of streams and groups that they wait for, in all: not much higher. */
  readonly maxWaitingPlaces: number
  /** A time that is longer than a few requests take by the engine's clock. */
  readonly spanMs: number
  /** Lets this much time pass for the engine. */
  elapse(ms: number): Promise<void>
  /** May be called after the test itself has closed the engine. */
  close(): Promise<void>
}

/** What a test gets: an engine, and references to streams, groups and consumers that do not exist yet. */
export interface TestContext extends TestEngine {
  readonly orders: StreamRef
  /** A group of `orders`. `ann`, `bob` and `cid` are consumers of it. */
  readonly billing: GroupRef
  readonly ann: ConsumerRef
  readonly bob: ConsumerRef
  readonly cid: ConsumerRef
}

/** States a sentence of the contract and proves it. */
export type It = (sentence: string, prove: (context: TestContext) => Promise<void>) => void
