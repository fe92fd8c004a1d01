import type { Checkpoint } from '../src/embedded/store/checkpoints.ts'
import { Latencies } from './percentiles.ts'

/** How an event loop was delayed since the previous report. */
export interface EventLoopReport {
  /** Percentiles of its delays, in milliseconds. */
  readonly delays: number[]
  /** The same for delays during checkpoints. */
  readonly delaysInCheckpoints: number[]
  /** The duration of each checkpoint. */
  readonly checkpointsMs: number[]
  /** Percentiles of the durations of checkpoint slices, which block the event loop, in milliseconds. */
  readonly slices: number[]
}

/**
 * Measures how late a timer of one millisecond fires, again and again. Whatever delayed the event loop also delayed
 * every request.
 */
export class EventLoop {
  #timer: NodeJS.Timeout | undefined
  #delays: { readonly from: number; readonly to: number }[] = []
  #checkpoints: { readonly from: number; readonly to: number }[] = []
  #slices = new Latencies()

  constructor() {
    this.#probe()
  }

  /** Records a checkpoint that has just ended. */
  checkpointed({ seconds, sliceSeconds }: Pick<Checkpoint, 'seconds' | 'sliceSeconds'>): void {
    for (const slice of sliceSeconds) this.#slices.add(slice * 1000)
    const to = performance.now()
    this.#checkpoints.push({ from: to - seconds * 1000, to })
  }

  /** Returns the figures since the previous call, and resets them. */
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
