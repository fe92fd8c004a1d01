/** A server's version, as numbers. */
export type Version = readonly number[]

/** Throws when the text is none. */
export function parseVersion(text: string | undefined): Version {
  if (text === undefined || !/^\d+(\.\d+)*$/.test(text)) throw new Error(`"${text}" is no version`)
  return text.split('.').map(Number)
}

export function isBefore(version: Version, text: string): boolean {
  const other = parseVersion(text)
  const index = other.findIndex((number, i) => number !== (version[i] ?? 0))
  return index >= 0 && (version[index] ?? 0) < (other[index] ?? 0)
}
