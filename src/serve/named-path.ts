import { escaped, quoted } from '../config/escapes.ts'
import { TokensError } from '../http/access/tokens.ts'
import { EncodingError } from '../http/pages/text-file.ts'

/** A variable names a file or directory that cannot be used. The message contains both, and the reason. */
export class PathError extends Error {
  constructor(variable: string, path: string, cause: Error) {
    super(`${variable} is ${quoted(path)}, which cannot be used: ${reasonOf(cause, path)}`, { cause })
    this.name = 'PathError'
  }
}

/** Converts an error about the file or directory to a PathError. Returns any other error unchanged. */
export function toPathError(variable: string, path: string, error: unknown): unknown {
  const isAboutPath = isSystemError(error) || error instanceof TokensError || error instanceof EncodingError
  return isAboutPath ? new PathError(variable, path, error) : error
}

/** Returns the result of `use`. Throws a PathError if the file or directory cannot be used. */
export function usingPath<T>(variable: string, path: string, use: (path: string) => T): T {
  try {
    return use(path)
  } catch (error) {
    throw toPathError(variable, path, error)
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

/** Node appends the unescaped path to a message. It is worth keeping if it is a file in the directory. */
function reasonOf(error: Error, path: string): string {
  const isSame = isSystemError(error) && error.path === path
  return isSame ? error.message.replace(` '${path}'`, '') : escaped(error.message)
}
