import { describe, expect, it } from 'vitest'
import { streamDescription } from '../../../../src/embedded/core/description.ts'
import { Group } from '../../../../src/embedded/core/group.ts'
import { Stream } from '../../../../src/embedded/core/stream.ts'
import { consumerPage, pendingSummary } from '../../../../src/embedded/core/view.ts'

/** A stream with many consumers, which counts how often the number of one of them is read. */
class CountedStream {
  visits = 0
  readonly stream = new Stream('orders')

  constructor(groups: number, consumers: number) {
    for (let n = 0; n < groups; n++) {
      const group = new Group(this.stream, `group ${n}`)
      this.stream.groups.add(group)
      for (let number = 0; number < consumers; number++) group.consumers.add(this.#consumer(number))
    }
  }

  get group(): Group {
    return this.stream.groups.get('group 0') as Group
  }

  #consumer(number: number) {
    const visit = () => {
      this.visits++
      return number
    }
    return {
      name: `consumer ${100_000 + number}`,
      seenAt: 1,
      activeAt: null,
      changedIn: 0,
      encodedIn: 0,
      get number() {
        return visit()
      }
    }
  }
}

describe('streamDescription', () => {
  it('visits only the consumers that it lists, however many there are', () => {
    const counted = new CountedStream(10, 3000)
    const { groups, truncated } = streamDescription(counted.stream, 1000)
    const listed = groups.reduce((sum, { consumers }) => sum + consumers.length, 0)
    expect([groups.length, listed, truncated]).toEqual([5, 4995, true])
    // One visit for the count, one for the list.
    expect(counted.visits).toBe(2 * listed)
  })
})

describe('consumerPage', () => {
  it('visits only the consumers of its page', () => {
    const counted = new CountedStream(1, 20_000)
    const { items, last } = consumerPage(counted.group, 100, 'consumer 110000', 5)
    expect([items.length, items[0]?.name, last]).toEqual([100, 'consumer 110001', 'consumer 110100'])
    expect(counted.visits).toBe(100)
  })
})

describe('pendingSummary', () => {
  it('skips at most 10,000 consumers without pending entries, and continues there', () => {
    const counted = new CountedStream(1, 20_001)
    const ends: (string | null)[] = []
    for (let after: string | null = null; ; ) {
      counted.visits = 0
      const { summary, last } = pendingSummary(counted.group, 100, after)
      expect(summary.consumers).toEqual([])
      expect(counted.visits).toBeLessThanOrEqual(10_000)
      ends.push(last)
      if (last === null) break
      after = last
    }
    expect(ends).toEqual(['consumer 109999', 'consumer 119999', null])
  })
})
