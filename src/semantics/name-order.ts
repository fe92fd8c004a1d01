/**
 * Compares names by the bytes of their UTF-8 form, as Redis does. JavaScript compares UTF-16 code units. The
 * two orders differ only for surrogates, which encode characters above U+FFFF and must sort after U+E000 to
 * U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
