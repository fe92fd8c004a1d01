import { describe, expect, it } from 'vitest'
import { EntryTally } from '../../../src/console/balance/entry-tally.ts'

const delivery = (id: string, deliveries = 1) => ({ id, fields: {}, deliveries })

describe('an entry tally', () => {
  it('counts entries from their append to their ack', () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0'])
    tally.deliver([delivery('1-0')])
    tally.ack(['1-0'])([])
    expect(tally).toMatchObject({ sent: 2, delivered: 1, redelivered: 0, acked: 1, firstNeeded: '2-0' })
  })

  it('counts an entry once if it is delivered before its append is confirmed', () => {
    const tally = new EntryTally()
    tally.deliver([delivery('1-0')])
    tally.ack(['1-0'])([])
    tally.append(['1-0', '2-0'])
    expect(tally).toMatchObject({ sent: 2, delivered: 1, acked: 1, firstNeeded: '2-0' })
  })

  it('needs the first unacked entry, and all entries after the last confirmed append', () => {
    const tally = new EntryTally()
    expect(tally.firstNeeded).toBeUndefined()
    tally.append(['1-0', '2-0'])
    tally.deliver([delivery('5-0')])
    expect(tally.firstNeeded).toBe('1-0')
    tally.ack(['1-0', '2-0'])([])
    // 3-0 and 4-0 may exist, with the response to their append still in flight.
    expect(tally.firstNeeded).toBe('2-0')
    tally.append(['3-0', '4-0', '5-0'])
    expect(tally.firstNeeded).toBe('3-0')
    tally.ack(['3-0', '4-0'])([])
    expect(tally.firstNeeded).toBe('5-0')
    tally.ack(['5-0'])([])
    expect(tally.firstNeeded).toBe('5-0')
  })

  it('counts repeated deliveries separately', () => {
    const tally = new EntryTally()
    tally.append(['1-0'])
    tally.deliver([delivery('1-0')])
    tally.deliver([delivery('1-0', 2)])
    expect(tally).toMatchObject({ delivered: 1, redelivered: 1 })
  })

  it('counts an entry once if two workers ack it', () => {
    const tally = new EntryTally()
    tally.append(['1-0'])
    tally.deliver([delivery('1-0')])
    const [ann, bob] = [tally.ack(['1-0']), tally.ack(['1-0'])]
    ann(['1-0'])
    expect(tally.acked).toBe(0)
    bob([])
    expect(tally.acked).toBe(1)
  })

  it('detects a lost entry', async () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0', '3-0'])
    tally.deliver([delivery('1-0'), delivery('2-0')])
    tally.ack(['1-0'])([])
    await tally.compare(async () => ({ pending: 0, dead: 0, lag: 1 }))
    expect(tally.lost).toBe(1)
  })

  it('does not count dead entries as lost', async () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0', '3-0'])
    tally.deliver([delivery('1-0'), delivery('2-0')])
    tally.ack(['1-0'])([])
    await tally.compare(async () => ({ pending: 0, dead: 1, lag: 1 }))
    expect(tally.lost).toBe(0)
    expect(tally.firstNeeded).toBe('2-0')
  })

  it('does not count entries of requests in flight as lost', async () => {
    const tally = new EntryTally()
    tally.append(['1-0', '2-0'])
    tally.deliver([delivery('1-0')])
    const settle = tally.ack(['1-0'])
    await tally.compare(async () => {
      tally.append(['3-0'])
      return { pending: 0, dead: 0, lag: 1 }
    })
    expect(tally.lost).toBe(0)
    settle([])
    await tally.compare(async () => ({ pending: 0, dead: 0, lag: 2 }))
    expect(tally.lost).toBe(0)
  })

  it('does not know how many entries are lost if the lag is unknown', async () => {
    const tally = new EntryTally()
    tally.append(['1-0'])
    await tally.compare(async () => ({ pending: 0, dead: 0, lag: null }))
    expect(tally.lost).toBeNull()
  })
})
