import { Store } from '../console/live/store.ts'

/** What the page shows: an overview, all problem codes, or one operation. */
export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'problems' }
  | { readonly view: 'operation'; readonly id: string }

/** Parses the fragment of a URL. */
export function routeOf(hash: string): Route {
  const id = decoded(hash.replace(/^#?\/?/, ''))
  if (id === '') return { view: 'overview' }
  return id === 'problems' ? { view: 'problems' } : { view: 'operation', id }
}

/** The fragment for a route. */
export function addressOf(route: Route): string {
  if (route.view === 'operation') return `#/${encodeURIComponent(route.id)}`
  return route.view === 'problems' ? '#/problems' : '#/'
}

/** The current route, which follows the address bar. */
export function watchRoute(): Store<Route> {
  const route = new Store<Route>(routeOf(location.hash))
  addEventListener('hashchange', () => route.set(routeOf(location.hash)))
  return route
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
