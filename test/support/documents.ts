import { existsSync, readdirSync, readFileSync } from 'node:fs'

const ROOT = new URL('../../', import.meta.url)

/** The documents for users, by their paths from the root. */
export const USER_DOCUMENTS = ['README.md', ...markdownIn('docs')]

/** The documents that have links to check. */
export const DOCUMENTS = [
  ...USER_DOCUMENTS,
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'load/README.md', 'src/README.md']
]

export function isThere(path: string): boolean {
  return existsSync(new URL(path, ROOT))
}

export function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8')
}

/** All files in a directory, by their paths from the root. */
export function filesIn(directory: string): string[] {
  return readdirSync(new URL(directory, ROOT), { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(ROOT.pathname, ''))
    .sort()
}

function markdownIn(directory: string): string[] {
  return filesIn(directory).filter((file) => file.endsWith('.md'))
}

/** The text below a heading, up to the next heading. The cells of its tables are as narrow as possible. */
export function section(path: string, title: string): string {
  const [, text] = narrow(read(path)).split(new RegExp(`^#+ ${title}$`, 'm'))
  if (text === undefined) throw new Error(`${path} has no section "${title}"`)
  return text.split(/^#/m)[0] ?? ''
}

export function narrow(text: string): string {
  return text.replaceAll(/ +\|/g, ' |')
}
