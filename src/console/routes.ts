/** A group, by its name and the name of its stream. */
export interface GroupRef {
  readonly stream: string
  readonly group: string
}

/** A view of the console and what it shows. */
export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'stream'; readonly stream: string }
  | ({ readonly view: 'group' } & GroupRef)
  | { readonly view: 'balance' }
  | { readonly view: 'not-found' }

/** Parses the fragment of a URL. Names in it are percent-encoded. */
export function routeOf(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/')
  const [view = '', stream, below, group] = parts.map(decoded)
  if (parts.length === 1 && view === '') return { view: 'overview' }
  if (parts.length === 1 && view === 'balance') return { view: 'balance' }
  if (view !== 'streams' || !stream) return { view: 'not-found' }
  if (parts.length === 2) return { view: 'stream', stream }
  if (parts.length === 4 && below === 'groups' && group) return { view: 'group', stream, group }
  return { view: 'not-found' }
}

/** The fragment for a route. */
export function addressOf(route: Route): string {
  switch (route.view) {
    case 'stream':
      return `#/streams/${encodeURIComponent(route.stream)}`
    case 'group':
      return `#/streams/${encodeURIComponent(route.stream)}/groups/${encodeURIComponent(route.group)}`
    case 'balance':
      return '#/balance'
    default:
      return '#/'
  }
}

/**
 * Whether a name is a dot segment. Such a name cannot be part of the path of a request, because the browser resolves it
 * first, even if it is percent-encoded.
 */
export function isDotSegment(name: string): boolean {
  return name === '.' || name === '..'
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
