const MAX_TOKEN_LENGTH = 300

/**
 * The JSON pointer (RFC 6901) for a path of names and indexes. Very long names are cut, so that the report of
 * a fault is never much larger than the fault.
 */
export function jsonPointer(path: Iterable<string>): string {
  let pointer = ''
  for (const name of path) {
    const token = name.length > MAX_TOKEN_LENGTH ? `${name.slice(0, MAX_TOKEN_LENGTH)}…` : name
    pointer += `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  return pointer
}
