import { isDeepStrictEqual } from 'node:util'
import type { LeanClient } from './lean-client.ts'

/** The answer to a request that must succeed. */
// biome-ignore lint/suspicious/noExplicitAny: the caller knows what it asked for.
export async function ask(client: LeanClient, method: string, path: string, body?: string): Promise<any> {
  const answer = await client.send(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  return JSON.parse(answer.body)
}

/** Whether what is counted is what it must be; says so, in a sentence or with both. */
export function agree(sentence: string, actual: object, expected: object): boolean {
  if (isDeepStrictEqual(actual, expected)) {
    console.log(sentence)
    return true
  }
  console.log('NOT as it must be:', { expected, actual })
  return false
}
