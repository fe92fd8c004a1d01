import { expect, it } from 'vitest'
import { dueText } from '../../../src/console/delivery/due.ts'

it.each([
  ['leased', 12_000, 'due in 12 s'],
  ['leased', undefined, 'no time limit'],
  ['due', undefined, 'due'],
  ['delayed', 30_000, 'delayed 30 s'],
  ['delayed', undefined, 'delayed']
] as const)('the state %s with %s ms left is shown as "%3$s"', (state, dueInMs, text) => {
  expect(dueText(state, dueInMs)).toBe(text)
})
