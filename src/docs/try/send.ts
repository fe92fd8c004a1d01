import { EventParser } from '../../console/api/events.ts'
import type { ApiRequest } from './api-request.ts'

/** How many events are kept. Older ones are dropped. */
export const KEPT_EVENTS = 100

export interface StreamEvent {
  /** The number of the event in its stream, from 1. */
  readonly number: number
  readonly name: string
  readonly data: string
}

/** The head of a response, and how long it took to arrive. */
export interface Head {
  readonly status: number
  readonly statusText: string
  readonly isOk: boolean
  readonly type: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly tookMs: number
}

/** A request that was sent, and what came of it so far. */
export interface Exchange {
  readonly state: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed'
  readonly request: ApiRequest
  readonly startedAt: number
  readonly head?: Head
  readonly body?: string
  /** The latest events of an event stream, and how many arrived. */
  readonly events: readonly StreamEvent[]
  readonly eventCount: number
  readonly failure?: string
  /** How long the exchange lasted, once it is over. */
  readonly lastedMs?: number
}

/** Sends a request and reports each change, until the answer is complete or the signal aborts. */
export async function send(
  request: ApiRequest,
  token: string,
  signal: AbortSignal,
  report: (exchange: Exchange) => void
): Promise<void> {
  const startedAt = performance.now()
  let exchange: Exchange = { state: 'waiting', request, startedAt, events: [], eventCount: 0 }
  const change = (part: Partial<Exchange>) => {
    exchange = { ...exchange, ...part }
    report(exchange)
  }
  change({})
  try {
    const response = await fetch(request.url, initOf(request, token, signal))
    change({ head: headOf(response, performance.now() - startedAt) })
    if (exchange.head?.type === 'text/event-stream' && response.body !== null) {
      change({ state: 'streaming' })
      await readEvents(response.body, (events, eventCount) => change({ events, eventCount }))
    } else {
      change({ body: await response.text() })
    }
    change({ state: 'done', lastedMs: performance.now() - startedAt })
  } catch (error) {
    const lastedMs = performance.now() - startedAt
    if (signal.aborted) change({ state: 'stopped', lastedMs })
    else
      change({ state: 'failed', lastedMs, failure: error instanceof Error ? error.message : String(error) })
  }
}

function initOf(
  { method, headers, body, hasToken }: ApiRequest,
  token: string,
  signal: AbortSignal
): RequestInit {
  const all = hasToken ? [...headers, ['authorization', `Bearer ${token}`] as const] : headers
  return {
    method,
    cache: 'no-store',
    signal,
    headers: all.map(([name, value]) => [name, value] as [string, string]),
    ...(body !== undefined && { body })
  }
}

/** The headers that tell something about an answer. Others, such as those of the connection, are left out. */
const SHOWN_HEADERS = [
  'content-type',
  'retry-after',
  'www-authenticate',
  'allow',
  'accept',
  'accept-encoding',
  'location',
  'etag',
  'x-request-id'
]

function headOf(response: Response, tookMs: number): Head {
  const { status, statusText, ok: isOk, headers } = response
  const shown = SHOWN_HEADERS.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  return { status, statusText, isOk, type, headers: shown, tookMs }
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  take: (events: readonly StreamEvent[], count: number) => void
): Promise<void> {
  const parser = new EventParser()
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let events: StreamEvent[] = []
  let count = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const found = parser.push(value)
    if (found.length === 0) continue
    events = [...events, ...found.map((event) => ({ ...event, number: ++count }))].slice(-KEPT_EVENTS)
    take(events, count)
  }
}
