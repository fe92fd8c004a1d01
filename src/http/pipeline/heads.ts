import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { invalidRequest, Problem } from '../problems/problem.ts'

/**
 * Checks request heads that Node accepts. A head that a proxy may read differently from Weir is refused, and
 * its connection is closed, because the two may disagree on where the body ends and the next request begins.
 * Node still parses what has already arrived, so further requests on that connection are refused, too.
 */
export class Heads {
  readonly #ambiguous = new WeakSet<Socket>()

  /** Undefined for a valid head. */
  faultOf(request: IncomingMessage): Problem | undefined {
    const { url = '', headers, httpVersion, socket } = request
    if (this.#ambiguous.has(socket)) return ambiguous('', 'Follows a request with an ambiguous end')
    const fault = ambiguityOf(request)
    if (fault !== undefined) {
      this.#ambiguous.add(socket)
      return fault
    }
    if (headers.host === undefined && httpVersion === '1.1') {
      return invalidRequest([{ pointer: '/headers/host', detail: 'Required, but missing' }])
    }
    // Node decodes bytes above 127 as latin1, which is not what the client meant.
    if (!/^[\x21-\x7e]*$/.test(url)) {
      return invalidRequest([{ pointer: '/path', detail: 'Must be percent-encoded' }])
    }
    return undefined
  }
}

function ambiguityOf({ headers, rawHeaders, httpVersion }: IncomingMessage): Problem | undefined {
  if (hasTwoHosts(rawHeaders)) return ambiguous('/headers/host', 'Must be sent only once')
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (httpVersion !== '1.1') return ambiguous('/headers/transfer-encoding', 'Not allowed in HTTP/1.0')
  if (coding.toLowerCase() === 'chunked') return undefined
  return ambiguous('/headers/transfer-encoding', 'Must be exactly "chunked"')
}

/** Names and values alternate in raw headers. In its parsed headers, Node drops a second Host. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  return hosts > 1
}

function ambiguous(pointer: string, detail: string): Problem {
  const faults = [{ pointer, detail }]
  return new Problem('invalid-request', pointer === '' ? detail : `${pointer}: ${detail}`, {
    faults,
    headers: { connection: 'close' }
  })
}
