import fc from 'fast-check'

/*
 * Combinators for the parts of random programs.
 */

export function weighted<T>(...choices: (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))
}

/** An object with these members once in `times` + 1 times, and otherwise an empty one. */
export function sometimes(
  times: number,
  members: Record<string, fc.Arbitrary<unknown>>
): fc.Arbitrary<object> {
  return weighted<object>([times, fc.constant({})], [1, fc.record(members)])
}

/** An object with the members of all parts. */
export function all(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  return fc.tuple(...parts).map((objects) => Object.assign({}, ...objects))
}

export function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.constantFrom(value, value, value, value, !value)
}
