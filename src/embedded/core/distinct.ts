import { type EntryId, formatId } from '../../contract/entry-id.ts'

/**
 * Returns the ids without repetitions, in the given order. Ids nearly always ascend, and then none repeats. A
 * `Set` of bigints would hash them by their sequence number alone, which is mostly 0.
 */
export function distinct(ids: readonly EntryId[]): readonly EntryId[] {
  if (ids.every((id, index) => index === 0 || (ids[index - 1] as EntryId) < id)) return ids
  const seen = new Set<string>()
  return ids.filter((id) => {
    const text = formatId(id)
    return !seen.has(text) && seen.add(text)
  })
}
