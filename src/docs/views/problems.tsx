import type { Loaded } from '../live-document.ts'
import type { ListedProblem } from '../openapi/problems.ts'
import { knownProblems } from '../openapi/problems.ts'
import { Line } from '../parts/text.tsx'

/** All problem codes, with their titles and the operations that return them. */
export function ProblemsView({ loaded: { document, tags } }: { loaded: Loaded }) {
  const operations = tags.flatMap((tag) => tag.operations)
  const all = new Map<string, ListedProblem>()
  for (const [code, { status, title = '', retryable }] of Object.entries(knownProblems(document)))
    all.set(code, { code, status: String(status ?? ''), title, retryable })
  for (const problem of operations.flatMap(({ problems }) => problems)) all.set(problem.code, problem)
  const sorted = [...all.values()].sort(
    (a, b) => a.status.localeCompare(b.status) || a.code.localeCompare(b.code)
  )
  return (
    <>
      <h1>Problem codes</h1>
      <p class="lead">
        A refused request is answered with a problem (RFC 9457). Its <code>code</code> is one of these, and
        never changes its meaning.
      </p>
      <section class="panel flush" aria-label="All problem codes">
        <ProblemTable problems={sorted} />
      </section>
    </>
  )
}

/** Problems with their status, code and title. */
export function ProblemTable({ problems }: { problems: readonly ListedProblem[] }) {
  const hasRetry = problems.some(({ retryable }) => retryable !== undefined)
  return (
    <table class="problems">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Code</th>
          <th scope="col">Title</th>
          {hasRetry && <th scope="col">Retry</th>}
        </tr>
      </thead>
      <tbody>
        {problems.map(({ code, status, title, retryable }) => (
          <tr key={code}>
            <td class="number">{status}</td>
            <th scope="row">
              <code>{code}</code>
            </th>
            <td>
              <Line text={title} />
            </td>
            {hasRetry && (
              <td class="soft">{retryable === true ? 'may help' : retryable === false ? 'no' : ''}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
