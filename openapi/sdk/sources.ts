import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/** How the sources of a language declare a type. The first group is its name. */
const DECLARATIONS: Readonly<Record<string, RegExp>> = {
  '.cs': /^\s*public (?:static |sealed |abstract )*(?:partial )?(?:class|enum|interface|struct) (\w+)/gm,
  '.go': /^type (\w+) /gm,
  '.java': /^\s*public (?:static |final |abstract )*(?:class|enum|interface) (\w+)/gm,
  '.kt': /^(?:data |enum |sealed |open |abstract )*(?:class|interface|object) (\w+)/gm,
  '.php': /^(?:final |abstract )?(?:class|interface|enum) (\w+)/gm,
  '.py': /^class (\w+)/gm,
  '.rb': /^\s*class (\w+)/gm,
  '.rs': /^pub (?:struct|enum) (\w+)/gm,
  '.ts': /^export (?:interface|type|class|enum) (\w+)/gm
}

/** What a generator wrote. */
export interface Sources {
  readonly lines: number
  /** The names of all types, in the order of the files. */
  readonly types: readonly string[]
}

/** A source file. */
export interface Source {
  readonly path: string
  readonly text: string
  /** The names of the types that it declares. */
  readonly types: readonly string[]
}

/** Counts the lines and types of the sources in a directory. Its other files, such as documentation, do not count. */
export function sourcesIn(directory: string): Sources {
  const sources = readSources(directory)
  return {
    lines: sources.reduce((lines, { text }) => lines + text.split('\n').length - 1, 0),
    types: sources.flatMap(({ types }) => types)
  }
}

/** Reads the sources in a directory. */
export function readSources(directory: string): Source[] {
  return filesIn(directory).flatMap((path) => {
    const declaration = DECLARATIONS[extname(path)]
    if (declaration === undefined) return []
    const text = readFileSync(path, 'utf8')
    return [{ path, text, types: [...text.matchAll(declaration)].map(([, name = '']) => name) }]
  })
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
}
