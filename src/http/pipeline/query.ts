/** Stands for a value that is not valid percent-encoded UTF-8. No schema accepts it. */
export const MALFORMED = Symbol('malformed')
/** Stands for the values of a parameter that occurs more than once. No schema accepts it either. */
export const REPEATED = Symbol('repeated')

/** Parses a query string into its parameters. */
export function parseQuery(query: string): Record<string, unknown> {
  // Without a prototype, so that no name has a special meaning.
  const parameters: Record<string, unknown> = Object.create(null)
  if (query === '') return parameters
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const rawName = equals < 0 ? pair : pair.slice(0, equals)
    const name = decode(rawName) ?? rawName
    const value = equals < 0 ? '' : (decode(pair.slice(equals + 1)) ?? MALFORMED)
    parameters[name] = name in parameters ? REPEATED : value
  }
  return parameters
}

/** Null if the text is not valid percent-encoded UTF-8. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
