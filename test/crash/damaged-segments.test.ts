import { describe, expect, it } from 'vitest'
import { HEADER_BYTES } from '../../src/embedded/journal/segment.ts'
import { changed, openUnsynced as open, restored, snapshot } from '../support/journal.ts'
import { keepEach, nth, series } from '../support/journal-series.ts'
import { temporaryDirectory } from '../support/weir.ts'

describe('a segment', () => {
  async function manySegments(): Promise<{ files: Map<string, Buffer>; names: string[] }> {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    await keepEach(journal, series(1, 60))
    await journal.close()
    const files = await snapshot(directory)
    return { files, names: [...files.keys()].filter((name) => name.endsWith('.journal')) }
  }

  it('that is missing makes opening fail with its name', async () => {
    const { files, names } = await manySegments()
    for (const name of names.slice(1, -2)) {
      const others = new Map(files)
      others.delete(name)
      await expect(open({ directory: await restored(others) })).rejects.toThrow(
        `${name} at byte 0: the segment is missing`
      )
    }
  })

  it('that is missing after a full one makes opening fail, even if it would be the last', async () => {
    const { files, names } = await manySegments()
    for (let left = 1; left < names.length - 2; left++) {
      const first = new Map([...files].slice(0, left))
      const refusal = `${names[left]} at byte 0: the segment is missing`
      await expect(open({ directory: await restored(first) })).rejects.toThrow(refusal)
    }
  })

  it('that contains zeros instead of its records makes opening fail', async () => {
    const { files, names } = await manySegments()
    const [, second = ''] = names
    const directory = await restored(changed(files, second, (bytes) => bytes.fill(0, HEADER_BYTES)))
    await expect(open({ directory })).rejects.toThrow(`${second} at byte ${HEADER_BYTES}: `)
  })

  it('that has the name of another one makes opening fail', async () => {
    const { files, names } = await manySegments()
    const [, second = '', third = ''] = names
    const directory = await restored(changed(files, second, () => files.get(third) ?? Buffer.alloc(0)))
    await expect(open({ directory })).rejects.toThrow(`the file's name should be ${third}`)
  })

  it('that contains records of another journal makes opening fail', async () => {
    const { files, names } = await manySegments()
    const [, second = ''] = names
    const stale = (await manySegments()).files.get(second)?.subarray(HEADER_BYTES) ?? Buffer.alloc(0)
    const directory = await restored(
      changed(files, second, (bytes) => Buffer.concat([bytes.subarray(0, HEADER_BYTES), stale]))
    )
    await expect(open({ directory })).rejects.toThrow(`${second} at byte ${HEADER_BYTES}: `)
  })
})

describe('a record', () => {
  it('of an unknown kind makes opening fail although it is complete', async () => {
    const directory = await temporaryDirectory()
    const { journal } = await open({ directory })
    // A later version might write this kind. It is encoded as 0, which is the number of no kind.
    const unknown = { kind: 'renamed', stream: 'orders' } as never
    await keepEach(journal, [nth(1), [unknown]])
    await journal.close()
    await expect(open({ directory })).rejects.toThrow(/at byte \d+: Unknown kind of change: 0\./)
  })
})
