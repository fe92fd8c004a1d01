import { useState } from 'preact/hooks'
import type { Entry } from '../api/answers.ts'
import { count } from '../format.ts'

/** So much of a value is shown among others, and so much of one that is looked at. */
const AT_A_GLANCE = 120
const AT_FIRST = 4000
/** So many fields are shown among other entries. */
const FIELDS_AT_A_GLANCE = 6

/** An entry's fields in a line. */
export function FieldsLine({ entry }: { entry: Entry }) {
  const all = Object.entries(entry.fields)
  const rest = all.length - FIELDS_AT_A_GLANCE
  return (
    <span class="fields-line">
      {all.slice(0, FIELDS_AT_A_GLANCE).map(([name, value]) => (
        <span key={name} class="field">
          <b>{cut(name, AT_A_GLANCE)}</b> {cut(value, AT_A_GLANCE)}
          <Encoding entry={entry} name={name} />
        </span>
      ))}
      {rest > 0 && <span class="soft">and {count(rest)} more</span>}
    </span>
  )
}

/** An entry's fields in full, one below the other. Long values are cut until somebody wants to see all of them. */
export function FieldsTable({ entry }: { entry: Entry }) {
  return (
    <dl class="fields-table">
      {Object.entries(entry.fields).map(([name, value]) => (
        <div key={name}>
          <dt>
            {name === '' ? '(empty name)' : cut(name, AT_FIRST)}
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

/** What of a field is base64, if anything. */
function Encoding({ entry, name }: { entry: Entry; name: string }) {
  const isName = entry.base64Names?.includes(name) === true
  const isValue = entry.base64?.includes(name) === true
  if (!isName && !isValue) return null
  return <span class="soft"> ({isName ? (isValue ? 'both base64' : 'name in base64') : 'base64'})</span>
}

function Value({ value }: { value: string }) {
  const [isWhole, setWhole] = useState(false)
  if (isWhole || value.length <= AT_FIRST) return <pre>{value}</pre>
  return (
    <>
      <pre>{cut(value, AT_FIRST)}</pre>
      <button type="button" onClick={() => setWhole(true)}>
        Show all {count(value.length)} characters
      </button>
    </>
  )
}

/** Not in the middle of a character that takes two units. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`
}
