import { describe, expect, it } from 'vitest'
import { clausesOf, draftOf, policyOf } from '../../../src/console/delivery/policy.ts'

const POLICY = {
  ackTimeoutMs: 30_000,
  maxDeliveries: 5,
  retryDelaysMs: [1000, 60_000],
  deadLetterStream: 'orders-dead',
  deadLetterMaxLength: 10_000,
  maxPending: 1000,
  maxPendingPerConsumer: 100,
  consumerTtlMs: 3_600_000
}

describe('a delivery policy', () => {
  it('is shown in words, with units', () => {
    expect(clausesOf(POLICY).map(({ member, text }) => [member, text])).toEqual([
      ['ackTimeoutMs', 'A worker has 30 s to ack an entry. Then the next reader gets it.'],
      ['maxDeliveries', 'An entry is dead after 5 failed deliveries.'],
      ['retryDelaysMs', '1 s, then 1 min after each nack.'],
      ['deadLetterStream', 'Dead entries move to orders-dead.'],
      ['deadLetterMaxLength', 'The stream keeps the latest 10,000.'],
      ['maxPending', 'No new entries while the group holds 1,000.'],
      ['maxPendingPerConsumer', 'No new entries for a consumer that holds 100.'],
      ['consumerTtlMs', 'Deleted after 1 h if they hold nothing.']
    ])
  })

  it('has no words for what it leaves out', () => {
    expect(clausesOf(null)).toEqual([])
    expect(clausesOf({ maxDeliveries: 1 })).toEqual([
      { member: 'maxDeliveries', text: 'An entry is dead after 1 failed delivery.' }
    ])
    expect(clausesOf({ retryDelaysMs: [500] })).toEqual([
      { member: 'retryDelaysMs', text: '500 ms after each nack.' }
    ])
  })

  it('is the same after it was edited without a change', () => {
    expect(policyOf(draftOf(POLICY))).toEqual({ policy: POLICY, faults: [] })
    expect(policyOf(draftOf(null))).toEqual({ policy: {}, faults: [] })
  })

  it('leaves values that only the server can check to the server', () => {
    const draft = { ...draftOf(null), ackTimeoutMs: '1 ms', maxDeliveries: '0', deadLetterMaxLength: '-1' }
    expect(policyOf(draft)).toEqual({
      policy: { ackTimeoutMs: 1, maxDeliveries: 0, deadLetterMaxLength: -1 },
      faults: []
    })
  })

  it('reports each text that is not a duration, at its field', () => {
    const draft = { ...draftOf(null), ackTimeoutMs: '30', retryDelaysMs: '1 s, soon', consumerTtlMs: '1 h' }
    const { faults } = policyOf(draft)
    expect(faults.map(({ pointer, detail }) => [pointer, detail.split(':')[0]])).toEqual([
      ['/delivery/ackTimeoutMs', '"30" is not a duration'],
      ['/delivery/retryDelaysMs', '"soon" is not a duration']
    ])
  })
})
