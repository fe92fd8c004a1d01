import { existsSync, readdirSync, readFileSync } from 'node:fs'

const ROOT = new URL('../../', import.meta.url)

/** The paths of the documents for users, relative to the root. */
export const USER_DOCUMENTS = ['README.md', ...markdownIn('docs')]

/** The documents whose links are checked. */
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

/** The paths of all files in a directory, relative to the root. */
export function filesIn(directory: string): string[] {
  return readdirSync(new URL(directory, ROOT), { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace(ROOT.pathname, ''))
    .sort()
}

function markdownIn(directory: string): string[] {
  return filesIn(directory).filter((file) => file.endsWith('.md'))
}

/** The text under a heading, up to the next heading, with the padding of its tables removed. */
export function section(path: string, title: string): string {
  const [, text] = narrow(read(path)).split(new RegExp(`^#+ ${title}$`, 'm'))
  if (text === undefined) throw new Error(`${path} has no section "${title}"`)
  return text.split(/^#/m)[0] ?? ''
}

export function narrow(text: string): string {
  return text.replaceAll(/ +\|/g, ' |')
}
