import { describe, expect, it } from 'vitest'
import { IndexedSet } from '../../../src/http/limits/indexed-set.ts'

describe('a bag', () => {
  it('has what was added and not deleted since', () => {
    const [ann, bob, eve] = [{ name: 'ann' }, { name: 'bob' }, { name: 'eve' }]
    const bag = new IndexedSet<{ name: string }>()
    for (const item of [ann, bob, eve]) bag.add(item)
    expect(bag.delete(ann)).toBe(true)
    expect(bag.delete(ann)).toBe(false)
    expect(bag.size).toBe(2)
    expect(new Set(bag)).toEqual(new Set([bob, eve]))
  })

  it('can be emptied at once, and used again', () => {
    const ann = { name: 'ann' }
    const bag = new IndexedSet<{ name: string }>()
    bag.add(ann)
    expect(bag.clear()).toEqual([ann])
    expect(bag.size).toBe(0)
    bag.add(ann)
    expect([...bag]).toEqual([ann])
  })
})
