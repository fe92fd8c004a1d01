import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A garbage collection, or a step of one, that blocked the main thread of a server. */
export interface Collection {
  /** Its start, in milliseconds since the epoch. */
  readonly at: number
  readonly tookMs: number
  /** Whether it collected only young objects, or all objects. */
  readonly kind: 'young' | 'old'
}

/**
 * Returns the arguments and environment variables with which Node writes its collections to a file at a normal exit.
 * Without a file, returns none.
 */
export function collectionsTo(file: string | undefined): { args: string[]; env: Record<string, string> } {
  if (file === undefined) return { args: [], env: {} }
  const hook = fileURLToPath(new URL('peers/collection-recorder.mjs', import.meta.url))
  return { args: ['--import', hook], env: { LOAD_COLLECTIONS_FILE: file } }
}

/** Reads a file that Node has written. */
export async function readCollections(file: string): Promise<Collection[]> {
  return parseCollections(await readFile(file, 'utf8'))
}

/** V8's bits for its two kinds of young collection. Node has a name only for the first. */
const YOUNG = 1 | 2

/** Parses a list of `[at, tookMs, kind]`, where the kind is V8's. */
export function parseCollections(text: string): Collection[] {
  const collections: readonly (readonly [number, number, number])[] = JSON.parse(text)
  return collections.map(([at, tookMs, kind]) => ({
    at,
    tookMs,
    kind: (kind & ~YOUNG) === 0 ? 'young' : 'old'
  }))
}
