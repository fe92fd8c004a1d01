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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
