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

/** Counts the lines and types of the sources in a directory. Its other files, such as documentation, do not count. */
export function sourcesIn(directory: string): Sources {
  let lines = 0
  const types: string[] = []
  for (const file of filesIn(directory)) {
    const declaration = DECLARATIONS[extname(file)]
    if (declaration === undefined) continue
    const text = readFileSync(file, 'utf8')
    lines += text.split('\n').length - 1
    for (const [, name = ''] of text.matchAll(declaration)) types.push(name)
  }
  return { lines, types }
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
}
