import { Store } from '../live/store.ts'
import type { Fault, Problem } from './answers.ts'
import { Semaphore } from './semaphore.ts'
import { token } from './token.ts'

/** An error response of the server. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly sideEffects: Problem['sideEffects']
  /** The invalid parts of the request. */
  readonly faults: readonly Fault[]

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The server responded with status ${status}`)
    this.name = 'Refusal'
    this.status = status
    this.code = problem.code ?? 'unknown'
    this.sideEffects = problem.sideEffects === 'none' ? 'none' : 'possible'
    this.faults = problem.errors ?? []
  }
}

/** Returns a refusal by the console itself, of input that it cannot send. */
export function invalidInput(faults: readonly Fault[]): Refusal {
  const detail = faults[0]?.detail ?? ''
  return new Refusal(400, { code: 'invalid-request', detail, sideEffects: 'none', errors: faults })
}

/** The server did not respond. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('Weir is not responding', { cause })
    this.name = 'Unreachable'
  }
}

/** Whether the server responded to the latest request, and when it last responded. */
export const connection = new Store<{ readonly isUp: boolean; readonly lastResponseAt: number | null }>({
  isUp: true,
  lastResponseAt: null
})
/** Whether the server requires a token and did not accept this one. */
export const isSignedOut = new Store(false)

/** At most two requests run at a time. */
const requestSlots = new Semaphore(2)

interface Options {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Lets the request continue when the page is closed. */
  readonly keepalive?: boolean
}

/** Sends a request to the public API. Rejects with `Refusal`, `Unreachable`, or the abort reason of the signal. */
export async function request<A>(method: string, path: string, options: Options = {}): Promise<A> {
  return withResponse(method, path, options, async (response) => (await response.json()) as A)
}

/** Like `request`, but passes on the response before its body is complete. Holds its slot until `read` is done. */
export async function withResponse<A>(
  method: string,
  path: string,
  options: Options,
  read: (response: Response) => Promise<A>
): Promise<A> {
  const release = options.keepalive === true ? () => {} : await requestSlots.acquire(options.signal)
  try {
    const response = await send(method, path, options)
    if (!response.ok) throw new Refusal(response.status, await problemOf(response))
    return await read(response)
  } catch (error) {
    if (error instanceof Refusal || options.signal?.aborted === true) throw error
    connection.set({ ...connection.value, isUp: false })
    throw new Unreachable(error)
  } finally {
    release()
  }
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const { body, headers, signal, keepalive = false } = options
  const response = await fetch(new URL(`../${path}`, document.baseURI), {
    method,
    keepalive,
    cache: 'no-store',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token.value !== '' && { authorization: `Bearer ${token.value}` }),
      ...headers
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal })
  })
  isSignedOut.set(response.status === 401)
  connection.set({ isUp: true, lastResponseAt: Date.now() })
  return response
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  // The response of a proxy need not be JSON.
  return response.json().catch(() => ({}))
}
