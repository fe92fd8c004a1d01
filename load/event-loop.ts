import type { Checkpoint } from '../src/embedded/store/checkpoints.ts'
import { Latencies } from './percentiles.ts'

/** What is told of an event loop since the report before. */
export interface EventLoopReport {
  /** Percentiles of its delays, in milliseconds. */
  readonly delays: number[]
  /** Of those during checkpoints. */
  readonly delaysInCheckpoints: number[]
  /** How long each checkpoint took. */
  readonly checkpointsMs: number[]
  /** Percentiles of how long the slices of checkpoints held it, in milliseconds. */
  readonly slices: number[]
}

/**
 * How much later than after a millisecond a timer comes, again and again: what held up the event loop meanwhile also
 * held up every request.
 */
export class EventLoop {
  #timer: NodeJS.Timeout | undefined
  #delays: { readonly from: number; readonly to: number }[] = []
  #checkpoints: { readonly from: number; readonly to: number }[] = []
  #slices = new Latencies()

  constructor() {
    this.#probe()
  }

  /** One has just ended. */
  checkpointed({ seconds, sliceSeconds }: Pick<Checkpoint, 'seconds' | 'sliceSeconds'>): void {
    for (const slice of sliceSeconds) this.#slices.add(slice * 1000)
    const to = performance.now()
    this.#checkpoints.push({ from: to - seconds * 1000, to })
  }

  report(): EventLoopReport {
    const all = new Latencies()
    const inCheckpoints = new Latencies()
    for (const { from, to } of this.#delays) {
      all.add(to - from)
      if (this.#checkpoints.some((checkpoint) => checkpoint.from < to && from < checkpoint.to))
        inCheckpoints.add(to - from)
    }
    const checkpointsMs = this.#checkpoints.map(({ from, to }) => to - from)
    const slices = this.#slices.percentiles()
    this.#delays = []
    this.#checkpoints = []
    this.#slices = new Latencies()
    return {
      delays: all.percentiles(),
      delaysInCheckpoints: inCheckpoints.percentiles(),
      checkpointsMs,
      slices
    }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #probe(): void {
    const from = performance.now() + 1
    this.#timer = setTimeout(() => {
      this.#delays.push({ from, to: Math.max(from, performance.now()) })
      this.#probe()
    }, 1)
  }
}
