import { describe, expect, it } from 'vitest'
import { Load, NO_LIMITS } from '../../../src/http/limits/load.ts'

const OPTIONS = { unkeptBytes: () => 0, answerMs: 60_000 }

describe('the rate limit', () => {
  const secondsAt = (load: Load, now: number) => load.rateRefusal('ann', now)?.headers['retry-after']

  it('allows a burst of one second, and then one request after the other', () => {
    const load = new Load({ ...NO_LIMITS, maxRate: 2 }, OPTIONS)
    const answers = [0, 0, 0, 499, 501, 502, 10_000, 10_000, 10_000].map((now) => secondsAt(load, now))
    expect(answers).toEqual([undefined, undefined, '1', '1', undefined, '1', undefined, undefined, '1'])
  })

  it('is off if it is 0', () => {
    const load = new Load(NO_LIMITS, OPTIONS)
    for (let i = 0; i < 1000; i++) expect(secondsAt(load, 0)).toBeUndefined()
  })
})
