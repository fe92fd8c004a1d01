import { describe, expect, it } from 'vitest'
import { IndexedSet } from '../../../src/http/limits/indexed-set.ts'

describe('IndexedSet', () => {
  it('contains the items that were added and not deleted', () => {
    const [ann, bob, eve] = [{ name: 'ann' }, { name: 'bob' }, { name: 'eve' }]
    const set = new IndexedSet<{ name: string }>()
    for (const item of [ann, bob, eve]) set.add(item)
    expect(set.delete(ann)).toBe(true)
    expect(set.delete(ann)).toBe(false)
    expect(set.size).toBe(2)
    expect(new Set(set)).toEqual(new Set([bob, eve]))
  })

  it('can be cleared and used again', () => {
    const ann = { name: 'ann' }
    const set = new IndexedSet<{ name: string }>()
    set.add(ann)
    expect(set.clear()).toEqual([ann])
    expect(set.size).toBe(0)
    set.add(ann)
    expect([...set]).toEqual([ann])
  })
})
