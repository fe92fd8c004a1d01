import type { Loaded } from '../live-document.ts'
import { allProblems, type ListedProblem, type Problems } from '../openapi/problems.ts'
import { Line } from '../parts/text.tsx'

/** All problem codes, with their titles. */
export function ProblemsView({ loaded: { document, tags } }: { loaded: Loaded }) {
  const operations = tags.flatMap((tag) => tag.operations)
  return (
    <>
      <h1>Problem codes</h1>
      <p class="lead">
        A refused request is answered with a problem (RFC 9457). The meaning of its <code>code</code> never
        changes. New codes may be added.
      </p>
      <section class="panel flush of-problems" aria-label="All problem codes">
        <ProblemTable problems={allProblems(document, operations)} />
      </section>
    </>
  )
}

/** The problems of an operation. Those of any request are shown when the user opens them. */
export function ProblemList({ problems: { own, common } }: { problems: Problems }) {
  return (
    <>
      {own.length > 0 && (
        <div class="panel flush of-problems">
          <ProblemTable problems={own} />
        </div>
      )}
      {common.length > 0 && (
        <details class="example">
          <summary>{common.length} problems of any request</summary>
          <div class="panel flush of-problems">
            <ProblemTable problems={common} />
          </div>
        </details>
      )}
    </>
  )
}

/** Problems with their status, code and title. */
function ProblemTable({ problems }: { problems: readonly ListedProblem[] }) {
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
