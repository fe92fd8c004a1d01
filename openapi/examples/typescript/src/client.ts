import createClient from 'openapi-fetch'
import type { components, paths } from '../weir/api.js'
import { settings } from './settings.js'

export type Entry = components['schemas']['DeliveredEntry']
export type Problem = components['schemas']['Problem']

/** Weir refused the request. */
export class Refusal extends Error {
  constructor(
    readonly problem: Problem,
    /** The header, for an answer whose problem has no `retryAfterMs`. */
    readonly retryAfterSeconds: number
  ) {
    super(`${problem.code}: ${problem.detail}`)
  }
}

/** What came back is not an answer of Weir: a page of a proxy, a redirect, or nothing. */
class NotAnAnswer extends Error {}

export const weir = createClient<paths>({
  baseUrl: settings.url,
  // fetch would follow a redirect of a POST with a GET.
  redirect: 'manual',
  headers: settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` }
})

weir.use({
  async onResponse({ response }) {
    const type = response.headers.get('content-type') ?? 'no content type'
    if (/\bjson\b/.test(type)) return
    // A body that nobody reads would keep its connection.
    await response.body?.cancel()
    throw new NotAnAnswer(`${response.status} with ${type}`)
  }
})

interface Result<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

/** The body of an answer with 2xx. Throws a `Refusal`, or another error if no answer of Weir came. */
export async function answerOf<T>(sent: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await sent
  if (data !== undefined) return data
  if (!isProblem(error)) throw new NotAnAnswer(`${response.status} without a problem`)
  throw new Refusal(error, Number(response.headers.get('retry-after')))
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'retryable' in body
}

/** One line about why a request failed. */
export function reasonOf(error: unknown): string {
  // The message of a SyntaxError quotes the body.
  if (error instanceof SyntaxError) return 'the answer is not valid JSON'
  if (!(error instanceof Error)) return String(error)
  // fetch says "fetch failed", and its cause says why.
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message
}
