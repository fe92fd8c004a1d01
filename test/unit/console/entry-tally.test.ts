import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/console/balance/entry-tally.ts'

const given = (id: string, deliveries = 1) => ({ id, fields: {}, deliveries })

describe('a ledger', () => {
  it('follows entries from their append to their ack', () => {
    const ledger = new Ledger()
    ledger.append(['1-0', '2-0'])
    ledger.deliver([given('1-0')])
    ledger.ack(['1-0'])([])
    expect(ledger).toMatchObject({ sent: 2, delivered: 1, redelivered: 0, acked: 1, firstNeeded: '2-0' })
  })

  it('counts an entry once that was delivered before its append was answered', () => {
    const ledger = new Ledger()
    ledger.deliver([given('1-0')])
    ledger.ack(['1-0'])([])
    ledger.append(['1-0', '2-0'])
    expect(ledger).toMatchObject({ sent: 2, delivered: 1, acked: 1, firstNeeded: '2-0' })
  })

  it('needs what is not acked, and what it may not know of', () => {
    const ledger = new Ledger()
    expect(ledger.firstNeeded).toBeUndefined()
    ledger.append(['1-0', '2-0'])
    ledger.deliver([given('5-0')])
    expect(ledger.firstNeeded).toBe('1-0')
    ledger.ack(['1-0', '2-0'])([])
    // 3-0 and 4-0 may have been delivered, and the answer be on its way.
    expect(ledger.firstNeeded).toBe('2-0')
    ledger.append(['3-0', '4-0', '5-0'])
    expect(ledger.firstNeeded).toBe('3-0')
    ledger.ack(['3-0', '4-0'])([])
    expect(ledger.firstNeeded).toBe('5-0')
    ledger.ack(['5-0'])([])
    expect(ledger.firstNeeded).toBe('5-0')
  })

  it('counts deliveries of claimed entries apart', () => {
    const ledger = new Ledger()
    ledger.append(['1-0'])
    ledger.deliver([given('1-0')])
    ledger.deliver([given('1-0', 2)])
    expect(ledger).toMatchObject({ delivered: 1, redelivered: 1 })
  })

  it('counts an ack of two workers once', () => {
    const ledger = new Ledger()
    ledger.append(['1-0'])
    ledger.deliver([given('1-0')])
    const [ann, bob] = [ledger.ack(['1-0']), ledger.ack(['1-0'])]
    ann(['1-0'])
    expect(ledger.acked).toBe(0)
    bob([])
    expect(ledger.acked).toBe(1)
  })

  it('sees that an entry is nowhere', async () => {
    const ledger = new Ledger()
    ledger.append(['1-0', '2-0', '3-0'])
    ledger.deliver([given('1-0'), given('2-0')])
    ledger.ack(['1-0'])([])
    await ledger.compare(async () => ({ pending: 0, lag: 1 }))
    expect(ledger.lost).toBe(1)
  })

  it('takes nothing for lost that is on its way', async () => {
    const ledger = new Ledger()
    ledger.append(['1-0', '2-0'])
    ledger.deliver([given('1-0')])
    const settle = ledger.ack(['1-0'])
    await ledger.compare(async () => {
      ledger.append(['3-0'])
      return { pending: 0, lag: 1 }
    })
    expect(ledger.lost).toBe(0)
    settle([])
    await ledger.compare(async () => ({ pending: 0, lag: 2 }))
    expect(ledger.lost).toBe(0)
  })

  it('does not claim to know where the lag cannot be known', async () => {
    const ledger = new Ledger()
    ledger.append(['1-0'])
    await ledger.compare(async () => ({ pending: 0, lag: null }))
    expect(ledger.lost).toBeNull()
  })
})
