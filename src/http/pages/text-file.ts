import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { withoutMark } from '../pipeline/body.ts'

/** A file that is not valid UTF-8. */
export class EncodingError extends Error {
  constructor() {
    super('not valid UTF-8')
    this.name = 'EncodingError'
  }
}

/** Reads a UTF-8 file without its byte order mark. Throws an EncodingError or a system error. */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path)
  if (!isUtf8(bytes)) throw new EncodingError()
  return withoutMark(bytes.toString('utf8'))
}
