import fc from 'fast-check'

/*
 * Which of several things a random program has.
 */

export function weighted<T>(...choices: (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))
}

/** These members, after being left out so many times. */
export function sometimes(
  times: number,
  members: Record<string, fc.Arbitrary<unknown>>
): fc.Arbitrary<object> {
  return weighted<object>([times, fc.constant({})], [1, fc.record(members)])
}

/** The members of all of them. */
export function all(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> {
  return fc.tuple(...parts).map((objects) => Object.assign({}, ...objects))
}

export function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.constantFrom(value, value, value, value, !value)
}
