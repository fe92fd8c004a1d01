import { quoted, shown } from '../config/escapes.ts'
import { TokensError } from '../http/access/tokens.ts'
import { EncodingError } from '../http/pages/text-file.ts'

/** A file or directory that a variable names, and that cannot be used. The message names both. */
export class PathError extends Error {
  constructor(variable: string, path: string, cause: Error) {
    super(`${variable} is ${quoted(path)}, which cannot be used: ${reasonOf(cause, path)}`, { cause })
    this.name = 'PathError'
  }
}

/** The error as a PathError, if it is about what is at the path. Any other error as it is. */
export function namingPath(variable: string, path: string, error: unknown): unknown {
  const isAboutPath = isOfSystem(error) || error instanceof TokensError || error instanceof EncodingError
  return isAboutPath ? new PathError(variable, path, error) : error
}

/** Returns what `use` does with the path. Throws a PathError for what is wrong there. */
export function usingPath<T>(variable: string, path: string, use: (path: string) => T): T {
  try {
    return use(path)
  } catch (error) {
    throw namingPath(variable, path, error)
  }
}

function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

/** Node ends a message with the path as it is, which may be that of a file in the directory. */
function reasonOf(error: Error, path: string): string {
  const isSame = isOfSystem(error) && error.path === path
  return isSame ? error.message.replace(` '${path}'`, '') : shown(error.message)
}
