import { LETTER_FIELDS } from '../../contract/delivery-policy.ts'
import type { FieldsJson } from '../../contract/entries.ts'
import { formatId } from '../../contract/entry-id.ts'
import type { GroupRef } from '../../contract/refs.ts'
import type { Death } from './dead-entries.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** What all added fields begin with, as JSON text shows it. */
const MARK = Buffer.from('"weir.')

/**
 * Returns the fields of a dead letter: those of the entry, and where and why it died. The fields that an entry has
 * from an earlier death are replaced.
 */
export function letterFields({ stream, group }: GroupRef, death: Death, fields: FieldsJson): FieldsJson {
  const added: Record<string, string> = {
    [LETTER_FIELDS.stream]: stream,
    [LETTER_FIELDS.group]: group,
    [LETTER_FIELDS.id]: formatId(death.id),
    [LETTER_FIELDS.deliveries]: String(death.deliveries),
    ...(death.consumer !== null && { [LETTER_FIELDS.consumer]: death.consumer }),
    ...(death.reason !== null && { [LETTER_FIELDS.reason]: death.reason }),
    [LETTER_FIELDS.deadAt]: String(death.deadAt)
  }
  const text = decoder.decode(Buffer.from(fields).includes(MARK) ? withoutLetterFields(fields) : fields)
  const members = text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'))
  const comma = members.trim() === '' ? '' : ','
  return encoder.encode(`{${members}${comma}${JSON.stringify(added).slice(1)}`)
}

/** The original entry of a letter. */
export interface Original extends GroupRef {
  /** The text of an id, or of anything else if the letter was not written by Weir. */
  readonly id: string
}

/** Returns where a letter came from; null if it is not a letter. */
export function originalOf(fields: FieldsJson): Original | null {
  if (!Buffer.from(fields).includes(MARK)) return null
  const members = JSON.parse(decoder.decode(fields)) as Record<string, string | undefined>
  const stream = members[LETTER_FIELDS.stream]
  const group = members[LETTER_FIELDS.group]
  const id = members[LETTER_FIELDS.id]
  return stream === undefined || group === undefined || id === undefined ? null : { stream, group, id }
}

function withoutLetterFields(fields: FieldsJson): FieldsJson {
  const members = JSON.parse(decoder.decode(fields)) as Record<string, string>
  const names: ReadonlySet<string> = new Set(Object.values(LETTER_FIELDS))
  const kept = Object.entries(members).filter(([name]) => !names.has(name))
  return encoder.encode(JSON.stringify(Object.fromEntries(kept)))
}
