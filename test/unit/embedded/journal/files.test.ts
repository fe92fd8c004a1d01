import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskFiles, type OpenFile } from '../../../../src/embedded/journal/files.ts'
import { temporaryDirectory } from '../../../support/weir.ts'

async function contents(file: OpenFile): Promise<string> {
  const bytes = Buffer.alloc(await file.sizeBytes())
  await file.read(bytes, 0)
  return bytes.toString()
}

describe('a file on disk', () => {
  it('is written through even after it was renamed', async () => {
    const directory = await temporaryDirectory()
    const file = await diskFiles.create(join(directory, 'unfinished'))
    await file.write(Buffer.from('one two'), 0)
    await rename(join(directory, 'unfinished'), join(directory, 'finished'))
    await file.writeThrough(Buffer.from('six'), 4)
    expect(await contents(file)).toBe('one six')
    await file.writeThrough(Buffer.from('ten'), 8)
    expect(await contents(file)).toBe('one six\0ten')
    await file.close()
  })

  it('can be closed twice, also after it was written through', async () => {
    const file = await diskFiles.create(join(await temporaryDirectory(), 'file'))
    await file.writeThrough(Buffer.from('one'), 0)
    await file.close()
    await file.close()
  })
})
