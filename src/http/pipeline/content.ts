import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.ts'
import { type BodyOptions, readBody } from './body-reading.ts'

/**
 * Reads bodies as bytes, which are parsed where requests are checked. What is not JSON in UTF-8, or has a content coding,
 * is refused as unsupported-media-type, unless it has no bytes: many clients send a type with nothing.
 */
export function readBodies(app: FastifyInstance, options: BodyOptions): void {
  const read = ({ headers, is404 }: FastifyRequest, payload: IncomingMessage, done: Done) => {
    const fault = faultOf(headers)
    // Where there is nothing to do with a body, nobody reads it.
    if (is404) done(null)
    else if (fault === undefined) readBody(payload, options, done)
    else refuseUnlessEmpty(payload, fault, done)
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', read)
  app.addContentTypeParser('*', read)
}

/** Called once, with the body or with why it is not read. */
type Done = (error: Error | null, body?: Buffer) => void

/**
 * Removes the type of a body without bytes from the head of a request, and an unusual one of a body that may turn out to
 * have none: Fastify refuses a type that it cannot parse before anybody reads the body.
 */
export function ignoreTypeOfNothing(headers: IncomingHttpHeaders): void {
  if (headers['content-type'] === undefined) return
  if (headers['content-length'] === '0') delete headers['content-type']
  else if (headers['transfer-encoding'] !== undefined && !isJson(headers['content-type']))
    headers['content-type'] = 'application/octet-stream'
}

/** The answer to a body of another type. */
export function notJson(): Problem {
  return new Problem(
    'unsupported-media-type',
    'Send the body as UTF-8 with "content-type: application/json"',
    {
      headers: { accept: 'application/json' }
    }
  )
}

/** Why a body with these headers cannot be read. */
function faultOf(headers: IncomingHttpHeaders): Problem | undefined {
  const { 'content-type': type = '', 'content-encoding': codings } = headers
  if (codings !== undefined && !isIdentity(codings)) return compressed()
  // Nearly all say just this, and it need not be taken apart.
  return type === 'application/json' || isJson(type) ? undefined : notJson()
}

function isJson(type: string): boolean {
  if (!/^\s*application\/json\s*(?:;|$)/i.test(type)) return false
  const charset = /charset\s*=\s*"?([^\s";]*)/i.exec(type)?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

/** `identity` says that there is no coding. Lists may have empty items (RFC 9110, 5.6.1). */
function isIdentity(codings: string): boolean {
  return codings.split(',').every((coding) => /^\s*(?:identity)?\s*$/i.test(coding))
}

function compressed(): Problem {
  return new Problem('unsupported-media-type', 'Send the body uncompressed, without "content-encoding"', {
    headers: { 'accept-encoding': 'identity' }
  })
}

function refuseUnlessEmpty(payload: IncomingMessage, fault: Problem, done: Done): void {
  if (Number(payload.headers['content-length']) > 0) {
    done(fault)
    return
  }
  const settle = (error: Error | null) => {
    payload.off('data', onData).off('end', onEnd).off('error', settle)
    done(error)
  }
  const onData = () => settle(fault)
  const onEnd = () => settle(null)
  payload.on('data', onData).on('end', onEnd).on('error', settle)
}
