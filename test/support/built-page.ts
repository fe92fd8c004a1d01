import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from './weir.ts'

/**
 * A directory with a page of two files, as a build writes them: `index.html` and an asset of this many lines. A file
 * beside the directory is not part of the page.
 */
export async function builtPage(assetLines: number): Promise<string> {
  const directory = join(await temporaryDirectory(), 'page')
  await mkdir(join(directory, 'assets'), { recursive: true })
  await writeFile(join(directory, 'index.html'), '<title>Weir</title>')
  await writeFile(join(directory, 'assets', 'index-1.js'), 'export {}\n'.repeat(assetLines))
  await writeFile(join(directory, '..', 'secret'), 'not for clients')
  return directory
}
