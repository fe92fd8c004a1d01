import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A garbage collection, or a step of one, that held the main thread of a server. */
export interface Collection {
  /** Unix time in milliseconds. */
  readonly at: number
  readonly tookMs: number
  /** Of young objects alone, or of all. */
  readonly kind: 'young' | 'old'
}

/** The arguments and variables with which Node writes its collections to a file, if any, when it ends in good order. */
export function collectionsTo(file: string | undefined): { args: string[]; env: Record<string, string> } {
  if (file === undefined) return { args: [], env: {} }
  const hook = fileURLToPath(new URL('peers/collection-recorder.mjs', import.meta.url))
  return { args: ['--import', hook], env: { LOAD_COLLECTIONS_FILE: file } }
}

/** What such a file contains. */
export async function readCollections(file: string): Promise<Collection[]> {
  return parseCollections(await readFile(file, 'utf8'))
}

/** V8's bits for its two sorts of young collection. Of these Node names only the first. */
const YOUNG = 1 | 2

/** A list of `[at, tookMs, kind]`, with the kind as V8 has it. */
export function parseCollections(text: string): Collection[] {
  const found: readonly (readonly [number, number, number])[] = JSON.parse(text)
  return found.map(([at, tookMs, kind]) => ({
    at,
    tookMs,
    kind: (kind & ~YOUNG) === 0 ? 'young' : 'old'
  }))
}
