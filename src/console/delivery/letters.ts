import type { DeadEntry, Entry } from '../api/answers.ts'
import type { GroupRef } from '../routes.ts'

/** The names of the fields that Weir adds to a dead letter begin with this. */
const OURS = 'weir.'

/** Returns the dead entry that an entry of a dead-letter stream describes. Null if it is not of this group. */
export function letterOf({ fields, ...entry }: Entry, { stream, group }: GroupRef): DeadEntry | null {
  if (fields['weir.stream'] !== stream || fields['weir.group'] !== group) return null
  const { 'weir.id': id, 'weir.reason': reason } = fields
  if (id === undefined) return null
  return {
    ...entry,
    id,
    fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith(OURS))),
    deliveries: Number(fields['weir.deliveries']),
    consumer: fields['weir.consumer'] ?? null,
    deadAt: Number(fields['weir.deadAt']),
    ...(reason !== undefined && { reason })
  }
}
