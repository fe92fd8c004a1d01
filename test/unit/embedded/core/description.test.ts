import { describe, expect, it } from 'vitest'
import { streamDescription } from '../../../../src/embedded/core/description.ts'
import { Group } from '../../../../src/embedded/core/group.ts'
import { Stream } from '../../../../src/embedded/core/stream.ts'
import { consumerPage, pendingSummary } from '../../../../src/embedded/core/view.ts'

/** Counts the looks at any of its consumers. */
class Crowd {
  visits = 0
  readonly stream = new Stream('orders')

  constructor(groups: number, consumers: number) {
    for (let n = 0; n < groups; n++) {
      const group = new Group(this.stream, `group ${n}`)
      this.stream.groups.add(group)
      for (let number = 0; number < consumers; number++) group.consumers.add(this.#consumer(group, number))
    }
  }

  get group(): Group {
    return this.stream.groups.get('group 0') as Group
  }

  #consumer(group: Group, number: number) {
    const pending = group.pending.newOwnList()
    const visit = () => {
      this.visits++
      return pending
    }
    return {
      name: `consumer ${100_000 + number}`,
      number,
      seenAt: 1,
      activeAt: null,
      changedIn: 0,
      encodedIn: 0,
      get pending() {
        return visit()
      }
    }
  }
}

describe('streamDescription', () => {
  it('visits no more consumers than it shows, however many there are', () => {
    const crowd = new Crowd(10, 3000)
    const { groups, truncated } = streamDescription(crowd.stream, 1000)
    const shown = groups.reduce((sum, { consumers }) => sum + consumers.length, 0)
    expect([groups.length, shown, truncated]).toEqual([5, 4995, true])
    // One for the count, one for the list.
    expect(crowd.visits).toBe(2 * shown)
  })
})

describe('consumerPage', () => {
  it('visits the consumers of its page only', () => {
    const crowd = new Crowd(1, 20_000)
    const { items, last } = consumerPage(crowd.group, 100, 'consumer 110000', 5)
    expect([items.length, items[0]?.name, last]).toEqual([100, 'consumer 110001', 'consumer 110100'])
    expect(crowd.visits).toBe(100)
  })
})

describe('pendingSummary', () => {
  it('passes over 10,000 idle consumers at most, and continues there', () => {
    const crowd = new Crowd(1, 20_001)
    const ends: (string | null)[] = []
    for (let after: string | null = null; ; ) {
      crowd.visits = 0
      const { summary, last } = pendingSummary(crowd.group, 100, after)
      expect(summary.consumers).toEqual([])
      expect(crowd.visits).toBeLessThanOrEqual(10_000)
      ends.push(last)
      if (last === null) break
      after = last
    }
    expect(ends).toEqual(['consumer 109999', 'consumer 119999', null])
  })
})
