import {
  deref,
  type Media,
  type OpenApi,
  type Parameter,
  type RawOperation,
  type Response
} from './document.ts'
import { type Problems, problemsOf, withoutProblems } from './problems.ts'

const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'head', 'options']

/** A response that is not a problem. */
export interface Success {
  readonly status: string
  readonly description: string
  readonly type: string | undefined
  readonly media: Media | undefined
}

/** An operation, with its references followed as far as its own parts. */
export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description: string
  /** The scope that a token must have. Undefined if the document names none. */
  readonly scope: string | undefined
  /** Whether the server may require a token. */
  readonly takesToken: boolean
  readonly parameters: readonly Parameter[]
  readonly body: { readonly isRequired: boolean; readonly media: Media } | undefined
  readonly successes: readonly Success[]
  readonly problems: Problems
}

/** A tag with its operations. */
export interface Tag {
  readonly name: string
  readonly description: string
  readonly operations: readonly Operation[]
}

/** The operations by their first tag, in the order of the document's tags. */
export function tagsOf(document: OpenApi): Tag[] {
  const operations = operationsOf(document)
  const described = new Map((document.tags ?? []).map(({ name, description = '' }) => [name, description]))
  const names = new Set([...described.keys(), ...operations.map(({ tag }) => tag)])
  return [...names]
    .map((name) => ({
      name,
      description: described.get(name) ?? '',
      operations: operations.filter(({ tag }) => tag === name)
    }))
    .filter((tag) => tag.operations.length > 0)
}

function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const raw = methods[method]
      return raw === undefined ? [] : [read(document, method, path, raw)]
    })
  )
}

function read(document: OpenApi, method: string, path: string, raw: RawOperation): Operation {
  const responses = Object.entries(raw.responses ?? {}).map(
    ([status, response]) => [status, deref(document, response)] as const
  )
  const [media] = Object.values(raw.requestBody?.content ?? {})
  return {
    id: raw.operationId ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    tag: raw.tags?.[0] ?? 'other',
    summary: raw.summary ?? '',
    description: withoutScope(withoutProblems(raw.description ?? '')),
    scope: raw['x-scope'],
    takesToken: (raw.security ?? []).some((scheme) => Object.keys(scheme).length > 0),
    parameters: (raw.parameters ?? []).map((parameter) => deref(document, parameter)).sort(byPlace),
    body: media === undefined ? undefined : { isRequired: raw.requestBody?.required === true, media },
    successes: responses
      .filter(([status]) => /^[123]/.test(status))
      .map(([status, response]) => success(status, response)),
    problems: problemsOf(document, raw, responses)
  }
}

function success(status: string, response: Response): Success {
  const [[type, media] = [undefined, undefined]] = Object.entries(response.content ?? {})
  return { status, description: response.description ?? '', type, media }
}

const PLACES = ['path', 'query', 'header']

/** First what is in the path, then required parameters, then the others. */
function byPlace(a: Parameter, b: Parameter): number {
  const required = Number(b.required === true) - Number(a.required === true)
  return PLACES.indexOf(a.in) - PLACES.indexOf(b.in) || required
}

/** The page shows the scope by itself. */
function withoutScope(description: string): string {
  return description.replace(/^Scope: .*$\n*/m, '').trim()
}
