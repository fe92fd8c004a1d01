/** What the address says is to be seen. */
export type Place =
  | { readonly view: 'overview' }
  | { readonly view: 'stream'; readonly stream: string }
  | { readonly view: 'group'; readonly stream: string; readonly group: string }
  | { readonly view: 'balance' }
  | { readonly view: 'nowhere' }

/** The place that the fragment of an address means. Names in it are percent-encoded, whatever they consist of. */
export function placeOf(hash: string): Place {
  const parts = hash.replace(/^#?\/?/, '').split('/')
  const [view = '', stream, below, group] = parts.map(decoded)
  if (parts.length === 1 && view === '') return { view: 'overview' }
  if (parts.length === 1 && view === 'balance') return { view: 'balance' }
  if (view !== 'streams' || !stream) return { view: 'nowhere' }
  if (parts.length === 2) return { view: 'stream', stream }
  if (parts.length === 4 && below === 'groups' && group) return { view: 'group', stream, group }
  return { view: 'nowhere' }
}

/** The address of a place. */
export function addressOf(place: Place): string {
  switch (place.view) {
    case 'stream':
      return `#/streams/${encodeURIComponent(place.stream)}`
    case 'group':
      return `#/streams/${encodeURIComponent(place.stream)}/groups/${encodeURIComponent(place.group)}`
    case 'balance':
      return '#/balance'
    default:
      return '#/'
  }
}

/**
 * Whether a name cannot stand in the path of a request: in an address it means this folder, or the one above, and a
 * browser makes that of it before it asks, encoded or not.
 */
export function isFolder(name: string): boolean {
  return name === '.' || name === '..'
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
