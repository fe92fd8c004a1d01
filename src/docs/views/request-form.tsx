import { useId } from 'preact/hooks'
import type { OpenApi, Parameter } from '../openapi/document.ts'
import type { Operation } from '../openapi/operations.ts'
import { shapeOf } from '../openapi/schemas.ts'
import { type Entered, keyOf } from '../try/api-request.ts'

interface FormProps {
  readonly operation: Operation
  readonly document: OpenApi
  readonly entered: Entered
  enter(entered: Entered): void
}

/** The fields of a request: required parameters, optional ones below a heading, and the body. */
export function RequestForm({ operation, document, entered, enter }: FormProps) {
  const id = useId()
  const { parameters, body } = operation
  const required = parameters.filter((parameter) => parameter.required === true)
  const optional = parameters.filter((parameter) => parameter.required !== true)
  const field = (parameter: Parameter) => (
    <ParameterField
      key={keyOf(parameter)}
      parameter={parameter}
      document={document}
      value={entered.values[keyOf(parameter)] ?? ''}
      set={(value) => enter({ ...entered, values: { ...entered.values, [keyOf(parameter)]: value } })}
    />
  )
  return (
    <>
      {required.length > 0 && <div class="fields">{required.map(field)}</div>}
      {optional.length > 0 && (
        <details class="optional">
          <summary>
            Optional parameters <span class="soft">{optional.map(({ name }) => name).join(', ')}</span>
          </summary>
          <div class="fields">{optional.map(field)}</div>
        </details>
      )}
      {body !== undefined && (
        <div class="body-field">
          <label for={id}>Body</label>
          <textarea
            id={id}
            rows={Math.min(14, Math.max(3, entered.body.split('\n').length))}
            spellcheck={false}
            value={entered.body}
            onInput={(event) => enter({ ...entered, body: event.currentTarget.value })}
          />
        </div>
      )}
    </>
  )
}

interface FieldProps {
  readonly parameter: Parameter
  readonly document: OpenApi
  readonly value: string
  set(value: string): void
}

function ParameterField({ parameter, document, value, set }: FieldProps) {
  const id = useId()
  const { schema } = shapeOf(document, parameter.schema ?? {})
  const choices = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined)
  const hint = schema.default ?? parameter.example ?? ''
  return (
    <div>
      <label for={id}>{parameter.name}</label>
      {choices === undefined ? (
        <input
          id={id}
          autocomplete="off"
          spellcheck={false}
          placeholder={parameter.required === true ? '' : String(hint)}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      ) : (
        <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">{schema.default === undefined ? 'omitted' : `omitted: ${schema.default}`}</option>
          {choices.map((choice) => (
            <option key={String(choice)} value={String(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
