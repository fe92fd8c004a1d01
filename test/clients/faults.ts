import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { PROBLEMS, type ProblemCode } from '../../src/http/problems/problem.ts'
import type { Forwarded } from './forward.ts'

/** What a proxy does with a request. `pass` forwards it, and resolves with the answer. */
export type Fault = (outgoing: ServerResponse, pass: () => Promise<Forwarded>) => Promise<void> | void

/** Answers by itself. */
export function answering(status: number, headers: Record<string, string> = {}, body = ''): Fault {
  return (outgoing) => {
    outgoing.writeHead(status, { 'content-length': `${Buffer.byteLength(body)}`, ...headers }).end(body)
  }
}

const PAGE = `<!DOCTYPE html>
<html>
  <head><title>502 Bad Gateway</title></head>
  <body>
    <h1>Bad Gateway</h1>
    <p>The proxy has received an invalid answer.</p>
  </body>
</html>
`

export const errorPage = answering(502, { 'content-type': 'text/html; charset=utf-8' }, PAGE)
export const empty502 = answering(502)
/** A page with which a proxy asks for a login, for example. */
export const page200 = answering(200, { 'content-type': 'text/html' }, PAGE)
export const invalidJson = answering(
  200,
  { 'content-type': 'application/json; charset=utf-8' },
  '{"entries":['
)

/** Redirects to a path that no operation has. */
export const STRAY_PATH = '/moved'
export const redirect = answering(302, { location: STRAY_PATH, 'content-type': 'text/html' }, PAGE)
/** Clients repeat a POST after this one. */
export const redirect307 = answering(307, { location: STRAY_PATH })

export const reset: Fault = (outgoing) => {
  outgoing.socket?.resetAndDestroy()
}

/** Never answers. */
export const hang: Fault = () => {}

/** Forwards the request, and closes the connection in the middle of the answer. */
export const cutBody: Fault = async (outgoing, pass) => {
  const { status, headers, body } = await pass()
  const half = body.subarray(0, body.length / 2)
  outgoing.writeHead(status, headers).write(half, () => outgoing.destroy())
}

/** Forwards the request, and closes the connection if there is no answer in time. */
export function cutAfter(ms: number): Fault {
  return async (outgoing, pass) => {
    await Promise.race([pass(), sleep(ms)])
    outgoing.destroy()
  }
}

/** What a scripted problem says. */
export const REQUEST_ID = 'req-scripted'
export const DETAIL = 'A detail of the suite'

/** Refuses the request with this problem, as Weir would. Members can be replaced or added. */
export function problem(
  code: ProblemCode,
  members: object = {},
  headers: Record<string, string> = {}
): Fault {
  return refusing({ code, ...PROBLEMS[code], ...members }, headers)
}

/** Refuses the request with any problem. */
export function refusing(
  members: { readonly code: string; readonly status: number; readonly retryable: boolean },
  headers: Record<string, string> = {}
): Fault {
  const body = {
    type: `urn:weir:problem:${members.code}`,
    title: 'A title of the suite',
    detail: DETAIL,
    sideEffects: 'none',
    requestId: REQUEST_ID,
    ...members
  }
  const type = { 'content-type': 'application/problem+json; charset=utf-8' }
  return answering(members.status, { ...type, ...headers }, JSON.stringify(body))
}
