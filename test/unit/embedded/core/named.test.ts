import { describe, expect, it } from 'vitest'
import { Named } from '../../../../src/embedded/core/named.ts'
import { compareNames } from '../../../../src/semantics/name-order.ts'

function namesOf(named: Named<{ name: string }>, from = ''): string[] {
  return Array.from(named.from(from), ({ name }) => name)
}

describe('Named', () => {
  // A few items are sorted when they are listed, many when they are added.
  it.each([0, 1, 64, 65, 66, 500])('lists %i items in the byte order of names, from any name on', (count) => {
    const named = new Named<{ name: string }>()
    const names = Array.from({ length: count }, (_, n) => `${(n * 7919) % 1000}-\uffee😀`)
    for (const name of names) named.add({ name })
    for (const name of names.filter((_, n) => n % 3 === 1)) named.delete(name)
    const remaining = names.filter((_, n) => n % 3 !== 1).sort(compareNames)
    expect(namesOf(named)).toEqual(remaining)
    expect([...named.values()]).toHaveLength(remaining.length)
    expect(named.size).toBe(remaining.length)
    for (const from of ['5', '5\uffff', '999-\uffee😀', 'x'])
      expect(namesOf(named, from)).toEqual(remaining.filter((name) => compareNames(name, from) >= 0))
    for (const name of remaining) named.delete(name)
    expect(namesOf(named)).toEqual([])
  })

  it('lists an item that was deleted and added again under the same name', () => {
    const named = new Named<{ name: string; n: number }>()
    for (let n = 0; n < 100; n++) named.add({ name: `${n}`, n })
    named.delete('50')
    named.add({ name: '50', n: 1000 })
    named.delete('nobody')
    expect([...named.from('50')][0]).toEqual({ name: '50', n: 1000 })
    expect(named.get('50')?.n).toBe(1000)
  })
})
