import { expect } from 'vitest'
import { entry, id, refusal, shown } from '../fixtures.ts'
import { append } from '../requests.ts'
import type { It } from '../test-context.ts'

export function getEntry(it: It): void {
  it('returns the entry with the id', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '3-0')
    expect(shown(await engine.getEntry({ ...orders, id: id('2-0') }))).toEqual(entry('2-0'))
  })

  it('refuses an id without an entry, and one whose entry was removed', async ({ engine, orders }) => {
    await append(engine, orders, '1-0', '2-0', '4-0')
    await engine.deleteEntries({ ...orders, ids: [id('2-0')] })
    await engine.trimStream({ ...orders, trim: { maxLength: 1, approximate: false } })
    for (const missing of ['0-0', '1-0', '2-0', '3-0', '4-1']) {
      const request = () => engine.getEntry({ ...orders, id: id(missing) })
      expect(await refusal(engine, orders, request)).toBe('entry-not-found')
    }
  })

  it('refuses a stream that does not exist', async ({ engine, orders }) => {
    const request = () => engine.getEntry({ ...orders, id: id('1-0') })
    expect(await refusal(engine, orders, request)).toBe('stream-not-found')
  })
}
