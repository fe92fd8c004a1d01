import type { KnownProblem, OpenApi, RawOperation, Response } from './document.ts'

/** A problem that an operation can return. */
export interface ListedProblem {
  readonly code: string
  readonly status: string
  readonly title: string
  readonly retryable: boolean | undefined
}

/**
 * The problems of an operation, by status. Its `x-codes` name them, and the document's `x-problems` have their titles.
 * The descriptions of the operation and of its responses may list them too, as `- code: title`.
 */
export function problemsOf(
  document: OpenApi,
  operation: RawOperation,
  responses: readonly (readonly [string, Response])[]
): ListedProblem[] {
  const known = knownProblems(document)
  const listed = new Map<string, ListedProblem>()
  const add = (code: string, status = '', title = '') => {
    const { status: knownStatus, title: knownTitle = title, retryable } = known[code] ?? {}
    listed.set(code, { code, status: String(knownStatus ?? status), title: knownTitle, retryable })
  }
  for (const [status, response] of responses) {
    if (!/^[45]\d\d$/.test(status)) continue
    for (const [, code = '', title] of (response.description ?? '').matchAll(LINE)) add(code, status, title)
  }
  const described = new Map<string, string>()
  for (const [, code = '', title = ''] of (operation.description ?? '').matchAll(LINE))
    described.set(code, title)
  for (const code of operation['x-codes'] ?? []) {
    const before = listed.get(code)
    add(code, before?.status, before?.title || described.get(code))
  }
  return [...listed.values()].sort((a, b) => a.status.localeCompare(b.status) || a.code.localeCompare(b.code))
}

/** A line of a description: "- `group-not-found`: No such group." */
const LINE = /^- `([a-z][a-z-]*)`: (.+?)\.?$/gm

/** What the document states about each code, wherever it does. */
export function knownProblems(document: OpenApi): Readonly<Record<string, KnownProblem>> {
  const inResponses = Object.values(document.components?.responses ?? {}).map(
    (response) => response['x-problems']
  )
  return Object.assign({}, document.info['x-problems'], ...inResponses)
}
