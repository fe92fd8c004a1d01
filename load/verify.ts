import { isDeepStrictEqual } from 'node:util'

/** An entry was lost, delivered twice or refused. So the measurement does not count. */
export class Mismatch extends Error {
  constructor(claim: string, actual: object, expected: object) {
    super(`Check failed: ${claim} Expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`)
    this.name = 'Mismatch'
  }
}

/** Throws a Mismatch unless the counts prove the claim, which is a sentence. */
export function verify(claim: string, actual: object, expected: object): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Mismatch(claim, actual, expected)
}
