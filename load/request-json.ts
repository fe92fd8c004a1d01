import type { LeanClient } from './clients/lean-client.ts'

/** Sends a request and returns the body of the response. Rejects unless the request succeeds. */
export async function requestJson(
  client: LeanClient,
  method: string,
  path: string,
  body?: string
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what the operation returns.
): Promise<any> {
  const answer = await client.send(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
  return JSON.parse(answer.body)
}
