/** An answer: its status and its body, parsed. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it expects of a body.
  readonly body: any
}

/** Sends a request with a JSON body to a running server. Returns the status and the JSON body of the answer. */
export async function call(
  method: string,
  url: string,
  body?: unknown,
  signal?: AbortSignal
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal })
  })
  return { status: response.status, body: await response.json() }
}

/** Like `call`, for requests that must succeed: returns the body. Throws unless the status is 2xx. */
export async function ask(method: string, url: string, body?: unknown): Promise<Answer['body']> {
  const answer = await call(method, url, body)
  if (answer.status >= 300)
    throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/**
 * Polls until the condition returns a value other than false and undefined. Otherwise the test reaches its time
 * limit.
 */
export async function until<T>(condition: () => Promise<T | false | undefined>, everyMs = 5): Promise<T> {
  for (;;) {
    const value = await condition()
    if (value !== false && value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** How many readers wait at a server now, according to its metrics. */
export async function readersWaiting(url: string, headers: Record<string, string> = {}): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`, { headers })).text()
  return Number(/^weir_readers_waiting (\d+)$/m.exec(metrics)?.[1])
}
