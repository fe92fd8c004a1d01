/** What a problem says, above its body. */
export function ProblemSummary({ body }: { body: string }) {
  const problem = parsed(body)
  if (problem === undefined) return null
  const { code, title, detail, retryable, sideEffects, errors = [] } = problem
  return (
    <div class="problem">
      <p>
        <b>{title}</b> <code>{code}</code>
      </p>
      {detail !== undefined && detail !== title && <p>{detail}</p>}
      {errors.length > 0 && (
        <ul>
          {errors.map(({ pointer, detail: fault }) => (
            <li key={pointer}>
              {pointer !== undefined && <code>{pointer}</code>} {fault}
            </li>
          ))}
        </ul>
      )}
      <p class="soft">
        {retryable === true ? 'Retrying may help.' : 'Retrying does not help.'}
        {sideEffects === 'none' ? ' Nothing was changed.' : ' The action may have taken effect anyway.'}
      </p>
    </div>
  )
}

interface Problem {
  readonly code?: string
  readonly title?: string
  readonly detail?: string
  readonly retryable?: boolean
  readonly sideEffects?: string
  readonly errors?: readonly { readonly pointer?: string; readonly detail?: string }[]
}

function parsed(body: string): Problem | undefined {
  try {
    const problem: unknown = JSON.parse(body)
    return typeof problem === 'object' && problem !== null ? problem : undefined
  } catch {
    return undefined
  }
}
