import type { Loaded } from '../live-document.ts'
import { exampleOf } from '../openapi/examples.ts'
import type { Operation, Success } from '../openapi/operations.ts'
import { Code } from '../parts/code.tsx'
import { Method, Path } from '../parts/method.tsx'
import { Line, Text } from '../parts/text.tsx'
import { ParameterList } from './parameters.tsx'
import { ProblemList } from './problems.tsx'
import { RequestPanel } from './request.tsx'
import { SchemaView } from './schema.tsx'

/** Everything about one operation, and a request to try. */
export function OperationView({ operation, loaded }: { operation: Operation; loaded: Loaded }) {
  const { id, method, path, summary, description, scope, takesToken, body, successes, problems } = operation
  return (
    <article class="operation">
      <header>
        <p class="kicker">
          <code>{id}</code>
          {scope !== undefined && (
            <span class="badge">
              scope <b>{scope}</b>
            </span>
          )}
          {!takesToken && <span class="badge">no token</span>}
        </p>
        <h1>{summary}</h1>
        <p class="route">
          <Method method={method} />
          <Path path={path} />
        </p>
        <Text text={description} />
      </header>
      <RequestPanel operation={operation} loaded={loaded} />
      <div class="of-words">
        <ParameterList operation={operation} document={loaded.document} />
        {body !== undefined && (
          <section aria-labelledby="body-title">
            <h2 id="body-title">
              Body{' '}
              <small>
                {body.media.schema !== undefined && 'application/json'}
                {body.isRequired ? '' : ', optional'}
              </small>
            </h2>
            {body.media.schema !== undefined && (
              <SchemaView schema={body.media.schema} document={loaded.document} />
            )}
          </section>
        )}
        <section aria-labelledby="responses-title">
          <h2 id="responses-title">Responses</h2>
          {successes.map((success) => (
            <Answer key={success.status} success={success} loaded={loaded} />
          ))}
        </section>
        <section aria-labelledby="problems-title">
          <h2 id="problems-title">Problems</h2>
          <ProblemList problems={problems} />
        </section>
      </div>
    </article>
  )
}

function Answer({ success, loaded: { document } }: { success: Success; loaded: Loaded }) {
  const { status, description, type, media } = success
  const example = media === undefined ? undefined : exampleOf(document, media)
  const text = typeof example === 'string' ? example : JSON.stringify(example, null, 2)
  return (
    <>
      <p class="answer-line">
        <span class="status" data-tone="good">
          {status}
        </span>{' '}
        <Line text={description} /> {type !== undefined && <small>{type}</small>}
      </p>
      {media?.schema !== undefined && <SchemaView schema={media.schema} document={document} />}
      {example !== undefined && (
        <details class="example">
          <summary>Example</summary>
          <Code code={text} label={`Example of a response with status ${status}`} />
        </details>
      )}
    </>
  )
}
