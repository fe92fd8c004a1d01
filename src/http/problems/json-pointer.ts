const MAX_TOKEN_LENGTH = 300

/**
 * The JSON pointer (RFC 6901) to what lies at the end of a path of names and indexes. Names that are absurdly long
 * are cut, so that telling of a fault never takes much more room than the fault did.
 */
export function jsonPointer(path: Iterable<string>): string {
  let pointer = ''
  for (const name of path) {
    const token = name.length > MAX_TOKEN_LENGTH ? `${name.slice(0, MAX_TOKEN_LENGTH)}…` : name
    pointer += `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  return pointer
}
