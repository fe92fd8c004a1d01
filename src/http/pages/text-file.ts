import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { withoutMark } from '../pipeline/body.ts'

/** A file that is not a text in UTF-8. */
export class EncodingError extends Error {
  constructor() {
    super('not valid UTF-8')
    this.name = 'EncodingError'
  }
}

/** The text of a file in UTF-8, without a byte order mark. Throws an EncodingError, or what the operating system says. */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path)
  if (!isUtf8(bytes)) throw new EncodingError()
  return withoutMark(bytes.toString('utf8'))
}
