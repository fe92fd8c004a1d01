import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { temporaryDirectory } from '../support/weir.ts'

async function open(directory: string): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({ directory, fsync: 'always', maxWaiting: 1 })
  onTestFinished(() => engine.close())
  return engine
}

describe('a data directory', () => {
  it('is created with its parents, and only its owner can access it', async () => {
    const directory = join(await temporaryDirectory(), 'var', 'weir')
    await open(directory)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await readdir(directory)).sort()).toEqual(['journal', 'lock', 'store.mdb', 'store.mdb-lock'])
  })

  it('can be opened only once in a process, until it is closed', async () => {
    const directory = await temporaryDirectory()
    const engine = await open(directory)
    await expect(open(directory)).rejects.toMatchObject({
      code: 'storage-failed',
      message: `this process already has the data directory ${directory} open`
    })
    await engine.close()
    await open(directory)
  })

  it('can be opened again after an attempt that failed', async () => {
    const directory = await temporaryDirectory()
    await (await open(directory)).close()
    const segment = join(directory, 'journal', '0000000000000000.journal')
    const bytes = await readFile(segment)
    await writeFile(segment, 'something else')
    await expect(open(directory)).rejects.toThrow('0000000000000000.journal at byte')
    await writeFile(segment, bytes)
    await open(directory)
  })
})
