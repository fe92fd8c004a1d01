import { describe, expect, it } from 'vitest'
import { letterOf } from '../../../src/console/delivery/letters.ts'

const GROUP = { stream: 'orders', group: 'billing' }
const LETTER = {
  id: '9-0',
  fields: {
    order: '1001',
    'weir.stream': 'orders',
    'weir.group': 'billing',
    'weir.id': '5-0',
    'weir.deliveries': '3',
    'weir.consumer': 'ann',
    'weir.reason': 'No such order',
    'weir.deadAt': '1767225600000'
  }
}

describe('a dead letter', () => {
  it('is shown as the dead entry that it was', () => {
    expect(letterOf(LETTER, GROUP)).toEqual({
      id: '5-0',
      fields: { order: '1001' },
      deliveries: 3,
      consumer: 'ann',
      reason: 'No such order',
      deadAt: 1767225600000
    })
  })

  it('may have no consumer and no reason', () => {
    const { 'weir.consumer': _, 'weir.reason': __, ...fields } = LETTER.fields
    const letter = letterOf({ ...LETTER, fields }, GROUP)
    expect(letter?.consumer).toBeNull()
    expect(letter).not.toHaveProperty('reason')
  })

  it('of another group, or an entry that is not a dead letter, is not shown', () => {
    expect(letterOf(LETTER, { ...GROUP, group: 'audit' })).toBeNull()
    expect(letterOf(LETTER, { ...GROUP, stream: 'bills' })).toBeNull()
    expect(letterOf({ id: '9-0', fields: { order: '1001' } }, GROUP)).toBeNull()
  })
})
