import { Store } from '../live/store.ts'
import { Slots } from './semaphore.ts'

/** A refusal of the server, as its answer says. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly sideEffects: 'none' | 'possible'

  constructor(status: number, problem: Partial<Record<'code' | 'detail' | 'title' | 'sideEffects', string>>) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.name = 'Refusal'
    this.status = status
    this.code = problem.code ?? 'unknown'
    this.sideEffects = problem.sideEffects === 'none' ? 'none' : 'possible'
  }
}

/** The server did not answer. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('Weir does not answer', { cause })
    this.name = 'Unreachable'
  }
}

/** Whether the server answered last, and when it did. */
export const contact = new Store<{ readonly isThere: boolean; readonly at: number | null }>({
  isThere: true,
  at: null
})
/** A token that the server asked for and somebody gave, for this tab only. */
export const token = new Store<string>(sessionStorage.getItem('weir-token') ?? '')
token.subscribe((value) => sessionStorage.setItem('weir-token', value))
/** Whether the server refuses because of who is asking. */
export const isLockedOut = new Store(false)

const slots = new Slots(2)

interface Options {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Let the request go on when the page is closed. */
  readonly keepalive?: boolean
}

/** Sends a request of the public API. Rejects with a `Refusal`, with `Unreachable`, or with what the signal says. */
export async function ask<A>(method: string, path: string, options: Options = {}): Promise<A> {
  return withAnswer(method, path, options, async (answer) => (await answer.json()) as A)
}

/** As `ask`, for an answer that is taken while it comes. It counts as one open connection until `take` is done. */
export async function withAnswer<A>(
  method: string,
  path: string,
  options: Options,
  take: (answer: Response) => Promise<A>
): Promise<A> {
  const release = options.keepalive === true ? () => {} : await slots.take(options.signal)
  try {
    const answer = await send(method, path, options)
    if (!answer.ok) throw new Refusal(answer.status, await problemOf(answer))
    return await take(answer)
  } catch (error) {
    if (error instanceof Refusal || options.signal?.aborted === true) throw error
    contact.set({ ...contact.value, isThere: false })
    throw new Unreachable(error)
  } finally {
    release()
  }
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const { body, headers, signal, keepalive = false } = options
  const answer = await fetch(new URL(`../${path}`, document.baseURI), {
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
  isLockedOut.set(answer.status === 401)
  contact.set({ isThere: true, at: Date.now() })
  return answer
}

async function problemOf(answer: Response): Promise<object> {
  // A proxy in between may answer with anything.
  return answer.json().catch(() => ({}))
}
