import type { OpenApi, Parameter } from '../openapi/document.ts'
import type { Operation } from '../openapi/operations.ts'
import { MemberRow } from './schema.tsx'

const TITLES: Readonly<Record<string, string>> = { path: 'Path', query: 'Query', header: 'Headers' }

/** The parameters of an operation, by their place. */
export function ParameterList({ operation, document }: { operation: Operation; document: OpenApi }) {
  const places = [...new Set(operation.parameters.map((parameter) => parameter.in))]
  return (
    <>
      {places.map((place) => (
        <section key={place} aria-labelledby={`${place}-title`}>
          <h2 id={`${place}-title`}>{TITLES[place] ?? place}</h2>
          <dl class="members">
            {operation.parameters
              .filter((parameter) => parameter.in === place)
              .map((parameter) => (
                <ParameterRow key={parameter.name} parameter={parameter} document={document} />
              ))}
          </dl>
        </section>
      ))}
    </>
  )
}

function ParameterRow({ parameter, document }: { parameter: Parameter; document: OpenApi }) {
  const { name, required = false, description, schema = {} } = parameter
  const described = description === undefined ? schema : { ...schema, description }
  return <MemberRow name={name} isRequired={required} schema={described} document={document} depth={0} />
}
