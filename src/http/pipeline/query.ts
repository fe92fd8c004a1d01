/** Stands for a value whose percent-encoding is none, or hides no UTF-8. No schema accepts it. */
export const MALFORMED = Symbol('malformed')
/** Stands for the values of a parameter that is given more than once. No schema accepts it either. */
export const REPEATED = Symbol('repeated')

/** The parameters of a query string. */
export function parseQuery(query: string): Record<string, unknown> {
  // Without a prototype, so that no name means anything but itself.
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

/** Null when the text is not what percent-encoding makes of UTF-8. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
