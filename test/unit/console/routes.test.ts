import { describe, expect, it } from 'vitest'
import { addressOf, isDotSegment, type Route, routeOf } from '../../../src/console/routes.ts'

describe('a route', () => {
  const names = ['orders', 'a/b', 'a b', '#?&%', '%41', '🧾', '<b>', '..', 'groups']
  it.each(names)('can be converted to an address and back with the name %s', (name) => {
    const routes: Route[] = [
      { view: 'stream', stream: name },
      { view: 'group', stream: name, group: name }
    ]
    for (const route of routes) expect(routeOf(addressOf(route))).toEqual(route)
  })

  it('detects names that a browser resolves as dot segments', () => {
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

  it.each(['', '#', '#/'])('is the overview if the fragment is "%s"', (hash) => {
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
  ])('is not found if the fragment is %s', (hash) => {
    expect(routeOf(hash)).toEqual({ view: 'not-found' })
  })
})
