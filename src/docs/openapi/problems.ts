import type { KnownProblem, OpenApi, RawOperation, Response } from './document.ts'

/** A problem that an operation can return. */
export interface ListedProblem {
  readonly code: string
  readonly status: string
  readonly title: string
  readonly retryable: boolean | undefined
}

/** The problems of an operation, by status. */
export interface Problems {
  /** Those that the description of the operation names. If it names none, all of them. */
  readonly own: readonly ListedProblem[]
  /** Those that any request can have. */
  readonly common: readonly ListedProblem[]
}

/**
 * The problems of an operation: those of its `x-codes`, and those that the descriptions of its responses list. Their
 * titles are where the document has them: in such a description, or in an `x-problems`.
 */
export function problemsOf(
  document: OpenApi,
  operation: RawOperation,
  responses: readonly (readonly [string, Response])[]
): Problems {
  const known = { ...listedIn(operation.description), ...knownProblems(document) }
  const codes = new Set(operation['x-codes'])
  for (const [status, { description }] of responses) {
    // A response that several statuses share lists the problems of all operations.
    if (!/^[45]\d\d$/.test(status)) continue
    for (const [code, problem] of Object.entries(listedIn(description))) {
      codes.add(code)
      known[code] = { status: Number(status), ...problem, ...known[code] }
    }
  }
  const all = sorted([...codes].map((code) => listed(code, known[code])))
  const own = ownCodes(document, operation)
  if (own === undefined) return { own: all, common: [] }
  return {
    own: all.filter(({ code }) => own.has(code)),
    common: all.filter(({ code }) => !own.has(code))
  }
}

/** All problems of the document. */
export function allProblems(
  document: OpenApi,
  operations: readonly { readonly problems: Problems }[]
): ListedProblem[] {
  const all = new Map(
    Object.entries(knownProblems(document)).map(([code, problem]) => [code, listed(code, problem)])
  )
  for (const { own, common } of operations.map(({ problems }) => problems))
    for (const problem of [...own, ...common]) all.set(problem.code, problem)
  return sorted([...all.values()])
}

/** The paragraph of a description that names the problems of its operation. The page shows them by themselves. */
const OWN_PROBLEMS = /^Problems, besides those of any request: (.*)$\n*/m

/** A description without the paragraph that names the problems. */
export function withoutProblems(description: string): string {
  return description.replace(OWN_PROBLEMS, '').trim()
}

/** The problems that an operation names. Undefined if no operation of the document names any. */
function ownCodes(document: OpenApi, { description = '' }: RawOperation): ReadonlySet<string> | undefined {
  const [, codes] = OWN_PROBLEMS.exec(description) ?? []
  if (codes !== undefined) return new Set([...codes.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => code))
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  return operations.some((other) => OWN_PROBLEMS.test(other.description ?? '')) ? new Set() : undefined
}

/** What the document states about each code, wherever it does. */
function knownProblems(document: OpenApi): Record<string, KnownProblem> {
  const shared = Object.values(document.components?.responses ?? {})
  return Object.assign(
    {},
    ...shared.map(({ description }) => listedIn(description)),
    document.info['x-problems'],
    ...shared.map((response) => response['x-problems'])
  )
}

/** A line of a description: "- `group-not-found` (404): No such group.", also without the status. */
const LINE = /^- `([a-z][a-z-]*)`(?: \((\d{3})\))?: (.+?)\.?$/gm

function listedIn(description = ''): Record<string, KnownProblem> {
  const lines = [...description.matchAll(LINE)].map(([, code = '', status, title = '']) => [
    code,
    { title, ...(status !== undefined && { status: Number(status) }) }
  ])
  return Object.fromEntries(lines)
}

function listed(code: string, { status, title = '', retryable }: KnownProblem = {}): ListedProblem {
  return { code, status: String(status ?? ''), title, retryable }
}

function sorted(problems: readonly ListedProblem[]): ListedProblem[] {
  return problems.toSorted((a, b) => a.status.localeCompare(b.status) || a.code.localeCompare(b.code))
}
