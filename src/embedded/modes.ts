import { chmod, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { LOCK_FILE } from './lock.ts'
import { STORE_FILE } from './store/store.ts'

/** A file or directory that users other than its owner can access. */
export interface Exposed {
  readonly path: string
  /** In the notation of `chmod`. */
  readonly mode: string
}

/** Files that Weir creates in a data directory, besides those of its journal. */
const OWN_FILES = [LOCK_FILE, STORE_FILE, `${STORE_FILE}-lock`]
const ANYTHING = 0o077
const READ_OR_WRITE = 0o066

/**
 * Restricts the files of a data directory to their owner, whatever changed their permissions. The directory
 * itself keeps its permissions, because somebody may have chosen them for a reason. Returns what is still
 * exposed.
 */
export async function closeToOthers(directory: string, journalDirectory: string): Promise<Exposed[]> {
  const exposed: Exposed[] = []
  const own = OWN_FILES.map((name) => path.join(directory, name))
  const segments = (await namesIn(journalDirectory)).map((name) => path.join(journalDirectory, name))
  for (const file of [...own, journalDirectory, ...segments]) {
    if (!(await isClosed(file))) exposed.push({ path: file, mode: octal(await modeOf(file)) })
  }
  const mode = await modeOf(directory)
  if ((mode & READ_OR_WRITE) !== 0) exposed.push({ path: directory, mode: octal(mode) })
  return exposed
}

/** Restricts a file to its owner. Returns whether it is restricted now, or does not exist. */
async function isClosed(file: string): Promise<boolean> {
  const mode = await modeOf(file)
  if ((mode & ANYTHING) === 0) return true
  return chmod(file, mode & ~ANYTHING).then(
    () => true,
    () => false
  )
}

/** Returns the permissions; 0 if the file does not exist. */
async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
