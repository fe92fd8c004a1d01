import type { OpenApi } from '../openapi/document.ts'
import { exampleOf } from '../openapi/examples.ts'
import type { Operation } from '../openapi/operations.ts'

/** What the user entered for an operation. Empty values are not sent. */
export interface Entered {
  /** The parameters by `in` and name, as `keyOf` writes them. */
  readonly values: Readonly<Record<string, string>>
  readonly body: string
}

/** A request to the server, ready to be sent or to be written in a programming language. */
export interface ApiRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  /** Whether it is sent with the user's token. The token itself is not part of it. */
  readonly hasToken: boolean
  readonly answer: 'json' | 'text' | 'events'
  /** How long the server may wait before it answers. */
  readonly waitMs: number
}

/** The key of a parameter in `Entered`. */
export function keyOf({ in: place, name }: { readonly in: string; readonly name: string }): string {
  return `${place}:${name}`
}

/** What a form contains at first: examples for what is required, and nothing for what is optional. */
export function exampleInput(document: OpenApi, { parameters, body }: Operation): Entered {
  const values = parameters
    .filter(({ required }) => required === true)
    .map((parameter) => [keyOf(parameter), String(parameter.example ?? parameter.schema?.example ?? '')])
  const example = body === undefined ? undefined : exampleOf(document, body.media)
  return {
    values: Object.fromEntries(values),
    body: example === undefined ? '' : JSON.stringify(example, null, 2)
  }
}

/** Builds the request. `root` is the address of the server, with a slash at its end. */
export function buildRequest(
  operation: Operation,
  entered: Entered,
  root: string,
  hasToken: boolean
): ApiRequest {
  const { method, parameters } = operation
  const enteredFor = (parameter: { in: string; name: string }) => entered.values[keyOf(parameter)] ?? ''
  const sent = parameters.filter((parameter) => enteredFor(parameter) !== '')
  const path = operation.path.replaceAll(/\{(.+?)\}/g, (_, name) => encoded(enteredFor({ in: 'path', name })))
  const query = sent
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => `${encoded(parameter.name)}=${encoded(enteredFor(parameter))}`)
  const headers = sent
    .filter((parameter) => parameter.in === 'header')
    .map((parameter) => [parameter.name.toLowerCase(), enteredFor(parameter).trim()] as const)
  const body = operation.body === undefined || entered.body.trim() === '' ? undefined : entered.body.trim()
  const search = query.length === 0 ? '' : `?${query.join('&')}`
  return {
    method,
    url: `${root.replace(/\/$/, '')}${path}${search}`,
    headers: body === undefined ? headers : [['content-type', 'application/json'], ...headers],
    body,
    hasToken: hasToken && operation.takesToken,
    answer: answerOf(operation),
    waitMs: Number(jsonOf(body, 'waitMs') ?? enteredFor({ in: 'query', name: 'waitMs' })) || 0
  }
}

/** Why the request cannot be sent. Empty if it can. */
export function faultOf(operation: Operation, { values, body }: Entered): string {
  for (const parameter of operation.parameters) {
    const value = values[keyOf(parameter)] ?? ''
    if (value === '' && parameter.required === true) return `"${parameter.name}" is required.`
    if (parameter.in === 'path' && (value === '.' || value === '..'))
      return `A browser cannot send "${value}" as a part of a path: it resolves it first.`
  }
  return operation.body?.isRequired === true && body.trim() === '' ? 'A body is required.' : ''
}

function answerOf({ successes }: Operation): ApiRequest['answer'] {
  const type = successes.find(({ status }) => status.startsWith('2'))?.type ?? ''
  return type === 'text/event-stream' ? 'events' : type.includes('json') ? 'json' : 'text'
}

/** Percent-encodes a value, also quotes, which would end the strings that samples put URLs in. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll("'", '%27')
}

function jsonOf(body: string | undefined, member: string): unknown {
  try {
    return JSON.parse(body ?? '{}')?.[member]
  } catch {
    return undefined
  }
}
