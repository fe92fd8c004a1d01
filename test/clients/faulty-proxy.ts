import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { Fault } from './faults.ts'
import { forward } from './forward.ts'
import { operationOf } from './proxied-operations.ts'

/** A request that a worker sent. */
export interface Seen {
  readonly operation: string
  readonly headers: IncomingHttpHeaders
  readonly url: string
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it expects of a body.
  readonly body: any
  /** When it came, in milliseconds on the clock of `performance`. */
  readonly at: number
  /** How it ended so far. A fault ends it if the proxy did something else than forward it and its answer. */
  end?: 'answered' | 'faulty' | 'hung up'
}

/** A proxy in front of Weir. A test scripts what it does with the next requests of an operation instead of forwarding. */
export class FaultyProxy {
  readonly url: string
  readonly requests: Seen[] = []
  /** Changes each JSON answer. */
  change: (answer: unknown) => unknown = (answer) => answer
  readonly #faults = new Map<string, (Fault | undefined)[]>()
  #rest: Fault | undefined
  readonly #port: () => number

  constructor(url: string, port: () => number) {
    this.url = url
    this.#port = port
  }

  /** Each of these faults happens to one request of the operation, in this order. Undefined forwards it. */
  next(operation: string, ...faults: (Fault | undefined)[]): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults])
  }

  /** This fault happens after `count` requests that are forwarded. */
  after(operation: string, count: number, fault: Fault): void {
    this.next(operation, ...Array<undefined>(count).fill(undefined), fault)
  }

  /** This fault happens to all requests from now on for which no other is left. */
  always(fault: Fault): void {
    this.#rest = fault
  }

  /** How many scripted faults have not happened yet. */
  get left(): number {
    return [...this.#faults.values()].reduce((sum, faults) => sum + faults.length, 0)
  }

  /** The requests of an operation so far. */
  of(operation: string): Seen[] {
    return this.requests.filter((seen) => seen.operation === operation)
  }

  async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const { method = '', url = '', headers } = incoming
      const at = performance.now()
      const body = await buffer(incoming)
      const operation = operationOf(method, url)
      const seen: Seen = { operation, url, headers, at, body: body.length > 0 && JSON.parse(`${body}`) }
      this.requests.push(seen)
      outgoing.on('close', () => {
        seen.end ??= 'hung up'
      })
      const pass = () => forward({ port: this.#port(), method, url, headers, body }, outgoing)
      const scripted = this.#faults.get(operation) ?? []
      const fault = scripted.length > 0 ? scripted.shift() : this.#rest
      if (fault !== undefined) {
        seen.end = 'faulty'
        await fault(outgoing, pass)
        return
      }
      const answer = await pass()
      const text = answer.isJson ? JSON.stringify(this.change(JSON.parse(`${answer.body}`))) : answer.body
      if (!outgoing.destroyed) seen.end = 'answered'
      outgoing
        .writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(text) })
        .end(text)
    } catch {
      // Weir is down, or the worker is.
      outgoing.destroy()
    }
  }
}

/** Starts a proxy, which forwards to the port that Weir has when a request comes. */
export async function openProxy(port: () => number): Promise<{ proxy: FaultyProxy; close(): void }> {
  const server = createServer((incoming, outgoing) => void proxy.handle(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  const proxy = new FaultyProxy(`http://127.0.0.1:${address.port}`, port)
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { proxy, close }
}

/** The same, for one test. */
export async function proxyForTest(port: () => number): Promise<FaultyProxy> {
  const { proxy, close } = await openProxy(port)
  onTestFinished(close)
  return proxy
}
