import { describe, expect, it } from 'vitest'
import { addressOf, isDotSegment, type Route, routeOf } from '../../../src/console/routes.ts'

describe('a place', () => {
  const names = ['orders', 'a/b', 'a b', '#?&%', '%41', '🧾', '<b>', '..', 'groups']
  it.each(names)('has an address, whatever the name: %s', (name) => {
    const routes: Route[] = [
      { view: 'stream', stream: name },
      { view: 'group', stream: name, group: name }
    ]
    for (const route of routes) expect(routeOf(addressOf(route))).toEqual(route)
  })

  it('cannot be asked for when it is named as a folder is', () => {
    expect(['.', '..', '...', 'a.', '', '%2e'].map(isDotSegment)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false
    ])
    for (const name of ['.', '..', '%2e', '%2E%2e'])
      expect(new URL(`v1/streams/${name}/entries`, 'http://127.0.0.1/').href).not.toContain('streams/.')
  })

  it.each(['', '#', '#/'])('is the overview for "%s"', (hash) => {
    expect(routeOf(hash)).toEqual({ view: 'overview' })
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
    expect(routeOf(hash)).toEqual({ view: 'not-found' })
  })
})
