import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DOCUMENTS, filesIn, isThere, read } from './support/documents.ts'

describe('the documents', () => {
  it.each(DOCUMENTS)('link from %s only to files and headings that exist', (document) => {
    expect(linksIn(document).filter((link) => !hasTarget(document, link))).toEqual([])
  })

  it('are named in the code only if they exist', () => {
    const files = ['.ci', 'bin', 'load', 'operate', 'src', 'test'].flatMap(filesIn)
    const named = files
      .filter((file) => /\.(css|html|js|mjs|sh|ts|tsx|yaml|yml|service)$|\/[\w-]+$/.test(file))
      .flatMap((file) => [...read(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([path]) => path))
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((path) => !isThere(path))).toEqual([])
  })

  it('have the sections that differences from Redis refer to', () => {
    const named = [...read('test/differential/differences.ts').matchAll(/see: '([\w/-]+\.md), (.*?)'/g)]
    expect(named.length).toBeGreaterThan(5)
    const missing = named.filter(([, path = '', title = '']) => !slugsIn(path).includes(slug(title)))
    expect(missing.map(([see]) => see)).toEqual([])
  })
})

describe('a heading', () => {
  it.each([
    ['Ids', 'ids'],
    ['What a start does with the journal', 'what-a-start-does-with-the-journal'],
    ['`bin/weir`, and [Node](https://nodejs.org)’s flags', 'binweir-and-nodes-flags'],
    ['fsync & co', 'fsync--co']
  ])('gets the same anchor as on GitHub: %s', (heading, anchor) => {
    expect(slug(heading)).toBe(anchor)
  })
})

/** Relative targets of Markdown links and images, and of HTML images, outside of code. */
function linksIn(document: string): string[] {
  const text = withoutCode(read(document))
  const links = [
    ...text.matchAll(/\]\(([^()\s]+)\)/g),
    ...text.matchAll(/(?:src|srcset|href)="([^"]+)"/g)
  ].map(([, target = '']) => target)
  return links.filter((target) => !/^[a-z]+:/.test(target))
}

function hasTarget(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : posix.join(posix.dirname(document), path)
  if (target.startsWith('../') || !isThere(target)) return false
  return anchor === undefined || slugsIn(target).includes(anchor)
}

/** The anchors of all headings of a document. The second of two equal ones gets a number. */
function slugsIn(document: string): string[] {
  const seen = new Map<string, number>()
  return [...withoutBlocks(read(document)).matchAll(/^#{1,6} (.*)$/gm)].map(([, title = '']) => {
    const anchor = slug(title)
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}

/** The anchor of a heading on GitHub: its text in lower case, with hyphens for spaces and without punctuation. */
function slug(title: string): string {
  return title
    .replaceAll(/\[(.*?)\]\(.*?\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-')
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^( *)```.*?^\1```$/gms, '')
}

/** Replaces code by a placeholder, because the text of a link may be code. */
function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]+`/g, 'code')
}
