import { isDeepStrictEqual } from 'node:util'
import type { LeanClient } from './clients/lean-client.ts'

/** The answer to a request that must succeed. */
// biome-ignore lint/suspicious/noExplicitAny: the caller knows what it asked for.
export async function ask(client: LeanClient, method: string, path: string, body?: string): Promise<any> {
  const answer = await client.send(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  return JSON.parse(answer.body)
}

/** Something was lost, doubled or refused, and so what was measured is worth nothing. */
export class Disagreement extends Error {
  constructor(sentence: string, actual: object, expected: object) {
    super(
      `It is not so that ${sentence} Expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`
    )
    this.name = 'Disagreement'
  }
}

/** Throws a Disagreement unless what was counted is what it must be for this sentence to be true. */
export function mustAgree(sentence: string, actual: object, expected: object): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Disagreement(sentence, actual, expected)
}
