import { describe, expect, it } from 'vitest'
import { EntryTally } from '../../../src/console/balance/entry-tally.ts'

const delivery = (id: string, deliveries = 1) => ({ id, fields: {}, deliveries })

describe('a ledger', () => {
  it('follows entries from their append to their ack', () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0'])
    tally.deliver([delivery('1-0')])
    tally.ack(['1-0'])([])
    expect(tally).toMatchObject({ sent: 2, delivered: 1, redelivered: 0, acked: 1, firstNeeded: '2-0' })
  })

  it('counts an entry once that was delivered before its append was answered', () => {
    const tally = new EntryTally()
    tally.deliver([delivery('1-0')])
    tally.ack(['1-0'])([])
    tally.append(['1-0', '2-0'])
    expect(tally).toMatchObject({ sent: 2, delivered: 1, acked: 1, firstNeeded: '2-0' })
  })

  it('needs what is not acked, and what it may not know of', () => {
    const tally = new EntryTally()
    expect(tally.firstNeeded).toBeUndefined()
    tally.append(['1-0', '2-0'])
    tally.deliver([delivery('5-0')])
    expect(tally.firstNeeded).toBe('1-0')
    tally.ack(['1-0', '2-0'])([])
    // 3-0 and 4-0 may have been delivered, and the answer be on its way.
    expect(tally.firstNeeded).toBe('2-0')
    tally.append(['3-0', '4-0', '5-0'])
    expect(tally.firstNeeded).toBe('3-0')
    tally.ack(['3-0', '4-0'])([])
    expect(tally.firstNeeded).toBe('5-0')
    tally.ack(['5-0'])([])
    expect(tally.firstNeeded).toBe('5-0')
  })

  it('counts deliveries of claimed entries apart', () => {
    const tally = new EntryTally()
    tally.append(['1-0'])
    tally.deliver([delivery('1-0')])
    tally.deliver([delivery('1-0', 2)])
    expect(tally).toMatchObject({ delivered: 1, redelivered: 1 })
  })

  it('counts an ack of two workers once', () => {
    const tally = new EntryTally()
    tally.append(['1-0'])
    tally.deliver([delivery('1-0')])
    const [ann, bob] = [tally.ack(['1-0']), tally.ack(['1-0'])]
    ann(['1-0'])
    expect(tally.acked).toBe(0)
    bob([])
    expect(tally.acked).toBe(1)
  })

  it('sees that an entry is nowhere', async () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0', '3-0'])
    tally.deliver([delivery('1-0'), delivery('2-0')])
    tally.ack(['1-0'])([])
    await tally.compare(async () => ({ pending: 0, lag: 1 }))
    expect(tally.lost).toBe(1)
  })

  it('takes nothing for lost that is on its way', async () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0'])
    tally.deliver([delivery('1-0')])
    const settle = tally.ack(['1-0'])
    await tally.compare(async () => {
      tally.append(['3-0'])
      return { pending: 0, lag: 1 }
    })
    expect(tally.lost).toBe(0)
    settle([])
    await tally.compare(async () => ({ pending: 0, lag: 2 }))
    expect(tally.lost).toBe(0)
  })

  it('does not claim to know where the lag cannot be known', async () => {
    const tally = new EntryTally()
    tally.append(['1-0'])
    await tally.compare(async () => ({ pending: 0, lag: null }))
    expect(tally.lost).toBeNull()
  })
})
