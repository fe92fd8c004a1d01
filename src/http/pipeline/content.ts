import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problems/problem.ts'
import { type BodyOptions, readBody } from './body-reading.ts'

/**
 * Reads bodies as bytes. Validation parses them later. A body that is not UTF-8 JSON, or has a content
 * encoding, is refused with unsupported-media-type, unless it is empty: many clients send a content type
 * without a body.
 */
export function readBodies(app: FastifyInstance, options: BodyOptions): void {
  const read = ({ headers, is404 }: FastifyRequest, payload: IncomingMessage, done: Done) => {
    const fault = faultOf(headers)
    // Without a route, the body is of no use.
    if (is404) done(null)
    else if (fault === undefined) readBody(payload, options, done)
    else refuseUnlessEmpty(payload, fault, done)
  }
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', read)
  app.addContentTypeParser('*', read)
}

/** Called once, with the body or with the reason why it was not read. */
type Done = (error: Error | null, body?: Buffer) => void

/**
 * Removes the content type of an empty body, and replaces an unusual one of a body that may turn out to be
 * empty. Otherwise Fastify would refuse a malformed type before the body is read.
 */
export function ignoreTypeOfEmptyBody(headers: IncomingHttpHeaders): void {
  if (headers['content-type'] === undefined) return
  if (headers['content-length'] === '0') delete headers['content-type']
  else if (headers['transfer-encoding'] !== undefined && !isJson(headers['content-type']))
    headers['content-type'] = 'application/octet-stream'
}

/** The problem of a body that is not JSON. */
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
  // Nearly all requests send exactly this, which saves parsing it.
  return type === 'application/json' || isJson(type) ? undefined : notJson()
}

function isJson(type: string): boolean {
  if (!/^\s*application\/json\s*(?:;|$)/i.test(type)) return false
  const charset = /charset\s*=\s*"?([^\s";]*)/i.exec(type)?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
}

/** `identity` means no encoding. Lists may contain empty items (RFC 9110, 5.6.1). */
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
