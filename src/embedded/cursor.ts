import { EngineError } from '../errors.ts'

/** Where a page continues: the name that the previous one ended with, encoded so that nobody relies on it. */
export function encodeCursor(name: string): string {
  return Buffer.from(name).toString('base64url')
}

/** The cursor of an answer, if there is a next page. */
export function cursorAfter(last: string | null): { readonly cursor?: string } {
  return last === null ? {} : { cursor: encodeCursor(last) }
}

/** The name that a page comes after; null for the first page. Throws invalid-request. */
export function pageStart({ cursor }: { readonly cursor?: string }): string | null {
  if (cursor === undefined) return null
  const name = Buffer.from(cursor, 'base64url').toString()
  if (name !== '' && encodeCursor(name) === cursor) return name
  throw new EngineError(
    'invalid-request',
    "Invalid cursor: send back the previous page's `cursor` unchanged",
    {
      pointer: '/query/cursor'
    }
  )
}
