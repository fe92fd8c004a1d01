import { describe, expect, it } from 'vitest'
import { Load, NO_LIMITS } from '../../../src/http/load.ts'

describe('a rate', () => {
  const secondsAt = (load: Load, now: number) => load.rateRefusal('ann', now)?.headers['retry-after']

  it('lets as many through at once as a second has, and then one after the other', () => {
    const load = new Load({ ...NO_LIMITS, maxRate: 2 }, () => 0, 60_000)
    const answers = [0, 0, 0, 499, 501, 502, 10_000, 10_000, 10_000].map((now) => secondsAt(load, now))
    expect(answers).toEqual([undefined, undefined, '1', '1', undefined, '1', undefined, undefined, '1'])
  })

  it('is none when it is 0', () => {
    const load = new Load(NO_LIMITS, () => 0, 60_000)
    for (let i = 0; i < 1000; i++) expect(secondsAt(load, 0)).toBeUndefined()
  })
})

describe('what waits for the disk', () => {
  it('is on its way, and refuses what would add to it', () => {
    let unkeptBytes = 999
    const load = new Load({ ...NO_LIMITS, maxBufferedBytes: 1000 }, () => unkeptBytes, 60_000)
    expect(load.refusal(true)).toBeUndefined()
    unkeptBytes = 1000
    expect(load.bufferedBytes).toBe(1000)
    expect(load.refusal(true)?.code).toBe('overloaded')
    expect(load.refusal(false)).toBeUndefined()
  })
})
