import { describe, expect, it } from 'vitest'
import { addressOf, type Place, placeOf } from '../../../src/console/places.ts'

describe('a place', () => {
  const names = ['orders', 'a/b', 'a b', '#?&%', '%41', '🧾', '<b>', '..', 'groups']
  it.each(names)('has an address, whatever the name: %s', (name) => {
    const places: Place[] = [
      { view: 'stream', stream: name },
      { view: 'group', stream: name, group: name }
    ]
    for (const place of places) expect(placeOf(addressOf(place))).toEqual(place)
  })

  it.each(['', '#', '#/'])('is the overview for "%s"', (hash) => {
    expect(placeOf(hash)).toEqual({ view: 'overview' })
  })

  it.each([
    '#/nonsense',
    '#/streams',
    '#/streams/',
    '#/streams/%ff',
    '#/streams/a/groups',
    '#/streams/a/b/c',
    '#/balance/1'
  ])('is nowhere for %s', (hash) => {
    expect(placeOf(hash)).toEqual({ view: 'nowhere' })
  })
})
