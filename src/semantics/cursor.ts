import { type EntryId, formatId, MIN_ID, parseId } from '../contract/entry-id.ts'
import { EngineError } from '../contract/errors.ts'

/** Returns the cursor of a page that ends with this name, encoded so that no client relies on its form. */
function encodeCursor(name: string): string {
  return Buffer.from(name).toString('base64url')
}

/**
 * Returns the `cursor` member of a page that ends with this name. Null stands for the last page, which has no
 * cursor.
 */
export function cursorAfter(last: string | null): { readonly cursor?: string } {
  return last === null ? {} : { cursor: encodeCursor(last) }
}

/** Returns the name that a page starts after; null for the first page. Throws invalid-request. */
export function pageStart({ cursor }: { readonly cursor?: string }): string | null {
  if (cursor === undefined) return null
  const name = Buffer.from(cursor, 'base64url').toString()
  if (name !== '' && encodeCursor(name) === cursor) return name
  throw invalidCursor()
}

/** Returns the `cursor` member of a page whose next page begins with this id. Null stands for the last page. */
export function idCursor(next: EntryId | null): { readonly cursor?: string } {
  return next === null ? {} : { cursor: encodeCursor(formatId(next)) }
}

/** Returns the id that a page begins with. Throws invalid-request. */
export function idStart({ cursor }: { readonly cursor?: string }): EntryId {
  if (cursor === undefined) return MIN_ID
  const id = parseId(Buffer.from(cursor, 'base64url').toString())
  if (id !== null && encodeCursor(formatId(id)) === cursor) return id
  throw invalidCursor()
}

function invalidCursor(): EngineError {
  return new EngineError(
    'invalid-request',
    "Invalid cursor: send back the previous page's `cursor` unchanged",
    { pointer: '/query/cursor' }
  )
}
