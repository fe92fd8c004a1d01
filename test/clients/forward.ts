import { type IncomingHttpHeaders, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

interface Request {
  readonly port: number
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The answer to a forwarded request. */
export interface Forwarded {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly isJson: boolean
}

/** Headers about a connection, and not about the answer. */
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding']

/** Sends a request to a server on this machine. Ends it when the client hangs up. */
export function forward(
  { port, method, url, headers, body }: Request,
  client: ServerResponse
): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const host = `127.0.0.1:${port}`
    const { 'transfer-encoding': _, ...kept } = headers
    const length = body.length === 0 && method !== 'POST' ? {} : { 'content-length': body.length }
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path: url,
      headers: { ...kept, ...length, host }
    })
    client.on('close', () => sent.destroy())
    sent.on('error', reject)
    sent.on('response', (answer) => {
      const { statusCode = 0 } = answer
      const entries = Object.entries(answer.headers).filter(([name]) => !OF_CONNECTION.includes(name))
      buffer(answer).then(
        (bytes) =>
          resolve({
            status: statusCode,
            headers: Object.fromEntries(entries),
            body: bytes,
            isJson: /json/.test(answer.headers['content-type'] ?? '')
          }),
        reject
      )
    })
    sent.end(body)
  })
}
