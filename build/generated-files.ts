import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** A program that generates files that are committed. */
interface Generator {
  readonly help: string
  /** The command that runs it, for messages. */
  readonly command: string
  /** Returns the files and their contents. */
  generate():
    | Iterable<readonly [file: URL, text: string]>
    | Promise<Iterable<readonly [file: URL, text: string]>>
}

/** Maximum number of differing lines that are shown. */
const MAX_SHOWN = 10

/** Writes the files, or with `--check` reports those that are stale. Resolves with the exit code. */
export async function runGenerator(generator: Generator, args: readonly string[]): Promise<number> {
  const options = { help: { type: 'boolean' }, check: { type: 'boolean' } } as const
  let values: { help?: boolean; check?: boolean }
  try {
    values = parseArgs({ args: [...args], options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${generator.help}`)
    return 2
  }
  if (values.help) {
    process.stdout.write(generator.help)
    return 0
  }
  let stale = 0
  for (const [file, text] of await generator.generate()) {
    if (!values.check) await writeFile(file, text)
    else if (!(await isFresh(file, text, generator.command))) stale++
  }
  return stale === 0 ? 0 : 1
}

async function isFresh(file: URL, text: string, command: string): Promise<boolean> {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed === text) return true
  const before = new Set(committed.split('\n'))
  const after = new Set(text.split('\n'))
  const changes = [
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`)
  ]
  const shown = changes.slice(0, MAX_SHOWN)
  if (changes.length > MAX_SHOWN) shown.push(`… and ${changes.length - MAX_SHOWN} more lines`)
  const lines = [`${fileURLToPath(file)} is stale: run "${command}" and commit what it writes.`, ...shown]
  process.stderr.write(`${lines.join('\n  ')}\n`)
  return false
}
