import { expect, it } from 'vitest'
import { FIRST_SETTINGS, policyOf } from '../../../src/console/balance/settings.ts'

it('a balance begins without a delivery policy', () => {
  expect(policyOf(FIRST_SETTINGS)).toEqual({})
})

it('a balance with a time to ack or a limit of deliveries has a policy with a retry delay', () => {
  expect(policyOf({ ...FIRST_SETTINGS, ackTimeoutMs: 1000 })).toEqual({
    ackTimeoutMs: 1000,
    retryDelaysMs: [500]
  })
  expect(policyOf({ ...FIRST_SETTINGS, maxDeliveries: 2 })).toEqual({
    maxDeliveries: 2,
    retryDelaysMs: [500]
  })
})
