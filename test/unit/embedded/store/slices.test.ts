import { describe, expect, it } from 'vitest'
import { shareUnder } from '../../../../src/embedded/store/checkpoints.ts'
import { Slices } from '../../../../src/embedded/store/slices.ts'

/** Slices on a simulated clock, on which each operation takes `operationMs`, and the pauses between them. */
function slicesOf({ operationMs, share }: { operationMs: number; share: number }) {
  let now = 0
  const pausesMs: number[] = []
  const slices = new Slices({
    share: () => share,
    now: () => now,
    wait: async (ms) => void pausesMs.push(ms)
  })
  slices.begin()
  const work = async (operations: number): Promise<void> => {
    for (let i = 0; i < operations; i++) {
      now += operationMs
      await slices.next()
    }
  }
  return { slices, pausesMs, work }
}

describe('slices', () => {
  it('pause for nine times their duration if they may take a tenth of the thread', async () => {
    const { slices, pausesMs, work } = slicesOf({ operationMs: 0.25, share: 0.1 })
    await work(6)
    expect(slices.seconds).toEqual([0.0005, 0.0005, 0.0005])
    expect(pausesMs).toEqual([4.5, 4.5, 4.5])
  })

  it('end after eight operations, however short', async () => {
    const { pausesMs, work } = slicesOf({ operationMs: 0.0625, share: 0.5 })
    await work(17)
    expect(pausesMs).toEqual([0.5, 0.5])
  })

  it('have only a turn of the event loop between them if they may take the whole thread', async () => {
    const { pausesMs, work } = slicesOf({ operationMs: 1, share: 1 })
    let turns = 0
    const count = (): void => {
      turns++
      immediate = setImmediate(count)
    }
    let immediate = setImmediate(count)
    await work(5)
    clearImmediate(immediate)
    expect(pausesMs).toEqual([])
    expect(turns).toBeGreaterThanOrEqual(4)
  })

  it('pause for at most 50 ms', async () => {
    const { pausesMs, work } = slicesOf({ operationMs: 60_000, share: 0.1 })
    await work(2)
    expect(pausesMs).toEqual([50, 50])
  })

  it('end their pause and make no more after hurry', async () => {
    let now = 0
    let pauses = 0
    const untilAborted = (_ms: number, signal: AbortSignal): Promise<void> => {
      pauses++
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    }
    const slices = new Slices({ share: () => 0.1, now: () => now++, wait: untilAborted })
    slices.begin()
    const paused = slices.next()
    slices.hurry()
    await paused
    await slices.next()
    expect([pauses, slices.seconds.length]).toEqual([1, 2])
  })

  it('end a real pause at once after hurry', async () => {
    const pauses = Array.from({ length: 200 }, () => {
      let now = 0
      const slices = new Slices({ share: () => 0.1, now: () => now++ * 60_000 })
      slices.begin()
      return { slices, ended: slices.next() }
    })
    const immediate = new Promise((resolve) => setImmediate(resolve, 'a turn later'))
    for (const { slices } of pauses) slices.hurry()
    const all = Promise.all(pauses.map(({ ended }) => ended)).then(() => 'at once')
    expect(await Promise.race([all, immediate])).toBe('at once')
  })
})

describe('the share of the thread that a checkpoint may take', () => {
  it.each([
    [0, 0.1],
    [0.5, 0.1],
    [0.75, 0.55],
    [1, 1],
    [7, 1]
  ])('under a pressure of %d is %d', (pressure, share) => {
    expect(shareUnder(pressure)).toBeCloseTo(share)
  })
})
