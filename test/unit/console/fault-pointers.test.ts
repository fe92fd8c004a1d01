import { expect, it } from 'vitest'
import { areShown, isAt } from '../../../src/console/parts/fault-pointers.ts'

const fault = (pointer: string) => ({ pointer, detail: 'Must be at least 100' })

it('a fault belongs to the field with its pointer, and to the field whose value it is a part of', () => {
  expect(isAt(fault('/delivery/ackTimeoutMs'), '/delivery/ackTimeoutMs')).toBe(true)
  expect(isAt(fault('/delivery/retryDelaysMs/1'), '/delivery/retryDelaysMs')).toBe(true)
  expect(isAt(fault('/delivery/maxPendingPerConsumer'), '/delivery/maxPending')).toBe(false)
})

it('faults are shown by the fields only if each of them has a field', () => {
  const fields = new Set(['/path/group', '/delivery/ackTimeoutMs'])
  expect(areShown([fault('/path/group'), fault('/delivery/ackTimeoutMs')], fields)).toBe(true)
  expect(areShown([fault('/path/group'), fault('/delivery')], fields)).toBe(false)
  expect(areShown([], fields)).toBe(false)
})
