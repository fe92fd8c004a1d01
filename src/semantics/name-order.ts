/**
 * Orders names as Redis does, by the bytes of their UTF-8 form. JavaScript compares UTF-16 code units, which differs
 * only where a surrogate meets U+E000 to U+FFFF: surrogates stand for what lies above.
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
