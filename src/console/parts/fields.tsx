import { useState } from 'preact/hooks'
import type { Entry } from '../api/answers.ts'
import { count } from '../format.ts'

/** How much of a name or value a list of entries shows. */
const LISTED_CHARACTERS = 120
/** How much of it an open entry shows at first. */
const SHOWN_CHARACTERS = 4000
/** How many fields of an entry a list shows. */
const LISTED_FIELDS = 6

/** An entry's fields on one line. */
export function FieldsLine({ entry }: { entry: Entry }) {
  const all = Object.entries(entry.fields)
  const rest = all.length - LISTED_FIELDS
  return (
    <span class="fields-line">
      {all.slice(0, LISTED_FIELDS).map(([name, value]) => (
        <span key={name} class="field">
          <b>{cut(name, LISTED_CHARACTERS)}</b> {cut(value, LISTED_CHARACTERS)}
          <Encoding entry={entry} name={name} />
        </span>
      ))}
      {rest > 0 && <span class="soft">and {count(rest)} more</span>}
    </span>
  )
}

/** An entry's fields, one below the other. Long values are cut until the user expands them. */
export function FieldsTable({ entry }: { entry: Entry }) {
  return (
    <dl class="fields-table">
      {Object.entries(entry.fields).map(([name, value]) => (
        <div key={name}>
          <dt>
            {name === '' ? '(empty name)' : cut(name, SHOWN_CHARACTERS)}
            <Encoding entry={entry} name={name} />
          </dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Shows whether the name or the value of a field is in base64. */
function Encoding({ entry, name }: { entry: Entry; name: string }) {
  const isName = entry.base64Names?.includes(name) === true
  const isValue = entry.base64?.includes(name) === true
  if (!isName && !isValue) return null
  return (
    <span class="soft">
      {' '}
      ({isName ? (isValue ? 'name and value in base64' : 'name in base64') : 'base64'})
    </span>
  )
}

function Value({ value }: { value: string }) {
  const [isWhole, setWhole] = useState(false)
  if (isWhole || value.length <= SHOWN_CHARACTERS) return <pre>{value}</pre>
  return (
    <>
      <pre>{cut(value, SHOWN_CHARACTERS)}</pre>
      <button type="button" onClick={() => setWhole(true)}>
        Show all {count(value.length)} characters
      </button>
    </>
  )
}

/** Cuts a text, but never between the two halves of a surrogate pair. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`
}
