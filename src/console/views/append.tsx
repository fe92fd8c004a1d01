import { useState } from 'preact/hooks'
import { appendEntries } from '../api/operations.ts'
import { Dialog } from '../parts/dialog.tsx'
import { note } from '../parts/notes.tsx'

interface AppendProps {
  /** If left out, the dialog has an input for it. */
  readonly stream?: string
  onAppended(): void
  close(): void
}

interface Field {
  readonly name: string
  readonly value: string
}

/** Appends one entry. */
export function AppendDialog({ stream: fixedStream, onAppended, close }: AppendProps) {
  const [stream, setStream] = useState(fixedStream ?? '')
  const [fields, setFields] = useState<readonly Field[]>([{ name: '', value: '' }])
  const change = (index: number, field: Partial<Field>) =>
    setFields(fields.map((old, i) => (i === index ? { ...old, ...field } : old)))
  const names = fields.map(({ name }) => name)
  const hasDuplicate = new Set(names).size < names.length
  const append = async () => {
    const [id] = await appendEntries(stream, [
      { fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])) }
    ])
    note(`Appended ${id} to ${stream}`)
    onAppended()
  }
  return (
    <Dialog
      title={fixedStream === undefined ? 'Append an entry' : `Append to ${fixedStream}`}
      action="Append"
      canAct={!hasDuplicate}
      act={append}
      close={close}
    >
      {fixedStream === undefined && (
        <label>
          Stream <small>It is created if it does not exist.</small>
          <input
            required
            maxLength={256}
            value={stream}
            onInput={(event) => setStream(event.currentTarget.value)}
          />
        </label>
      )}
      {fields.map((field, index) => (
        <fieldset key={index} class="field-row">
          <legend class="unseen">Field {index + 1}</legend>
          <label>
            Field
            <input
              value={field.name}
              onInput={(event) => change(index, { name: event.currentTarget.value })}
            />
          </label>
          <label>
            Value
            <textarea
              rows={1}
              value={field.value}
              onInput={(event) => change(index, { value: event.currentTarget.value })}
            />
          </label>
          <button
            type="button"
            class="quiet"
            aria-label={`Remove field ${index + 1}`}
            disabled={fields.length === 1}
            onClick={() => setFields(fields.filter((_, i) => i !== index))}
          >
            ×
          </button>
        </fieldset>
      ))}
      {hasDuplicate && <p class="failure">Two fields have the same name.</p>}
      <button type="button" class="quiet" onClick={() => setFields([...fields, { name: '', value: '' }])}>
        + Add field
      </button>
    </Dialog>
  )
}
