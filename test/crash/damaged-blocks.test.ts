import { cp } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { entryId, formatId } from '../../src/contract/entry-id.ts'
import { checkDirectory } from '../../src/embedded/check.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { fieldsOf } from '../support/core.ts'
import { type FindByte, flipBits, inFields, inIds, inSummaries } from '../support/flip-bits.ts'
import {
  append,
  damaged,
  exactly,
  fieldsFor,
  ORDERS,
  open,
  reopened,
  upTo
} from '../support/stored-blocks.ts'
import { temporaryMemory } from '../support/weir.ts'

const BILLING = { ...ORDERS, group: 'billing' }
const { signal } = new AbortController()

/**
 * A directory with the entries 1-0 to 500-0 in four stored blocks, the nth of which has a flipped bit at each target.
 */
async function withDamage(
  nth: number,
  ...targets: FindByte[]
): Promise<{ directory: string; engine: EmbeddedEngine }> {
  const directory = await temporaryMemory()
  const engine = await open(directory)
  await append(engine, 1, 500)
  await engine.ensureGroup({ ...BILLING, after: 0n, createStream: false, onlyNew: false })
  await engine.close()
  await flipBits(directory, nth, ...targets)
  return { directory, engine: await open(directory) }
}

/** The numbers of the entries in a range. */
async function numbers(engine: EmbeddedEngine, from: number, to: number): Promise<number[]> {
  const range = { from: entryId(from, 0), to: entryId(to, 0), order: 'asc', limit: 1000, waitMs: 0 } as const
  const { entries } = await engine.listEntries({ ...ORDERS, ...range }, signal)
  return entries.map(({ fields }) => Number(fieldsOf(fields)['n']))
}

async function sizes(engine: EmbeddedEngine) {
  const { length, sizeBytes, firstId } = await engine.getStream(ORDERS)
  return { length, sizeBytes, firstId: firstId === null ? null : formatId(firstId) }
}

const sizesOf = (first: number, last: number) => ({
  length: last - first + 1,
  sizeBytes: upTo(first, last).reduce((sum, n) => sum + fieldsFor(n).length, 0),
  firstId: `${first}-0`
})

const DAMAGED_PARTS: [string, FindByte[]][] = [
  ['its fields', [inFields]],
  ['its ids', [inIds]],
  ['its ids and both of its summaries', [inIds, ...inSummaries]]
]

describe.each(DAMAGED_PARTS)('a stored block with a flipped bit in %s', (_what, targets) => {
  it('fails reads of its entries, and no other request', async () => {
    const { engine } = await withDamage(1, ...targets)
    expect((await engine.status()).ready).toBe(true)
    await expect(engine.getEntry({ ...ORDERS, id: entryId(200, 0) })).rejects.toEqual(damaged)
    await expect(numbers(engine, 1, 500)).rejects.toEqual(damaged)
    await expect(numbers(engine, 200, 210)).rejects.toThrow(
      /^Entries from 129-0 to 256-[0-9]+ of stream "orders"/
    )
    expect(await numbers(engine, 1, 128)).toEqual(upTo(1, 128))
    expect(await numbers(engine, 257, 500)).toEqual(upTo(257, 500))
    expect(await sizes(engine)).toEqual(sizesOf(1, 500))
    await append(engine, 501, 10)
    expect(await engine.getGroup(BILLING)).toMatchObject({ lag: 510 })
  })

  it('does not prevent appends from trimming, or trims from counting correctly', async () => {
    const { directory, engine } = await withDamage(1, ...targets)
    await append(engine, 501, 1, 500)
    expect(await sizes(engine)).toEqual(sizesOf(2, 501))
    await append(engine, 502, 1, 200)
    expect(await sizes(engine)).toEqual(sizesOf(303, 502))
    expect(await numbers(engine, 1, 1000)).toEqual(upTo(303, 502))
    const after = await reopened(directory, engine)
    expect(await sizes(after)).toEqual(sizesOf(303, 502))
    expect(await numbers(after, 1, 1000)).toEqual(upTo(303, 502))
    await after.close()
    expect(await checkDirectory(directory)).toMatchObject({ entries: 200 })
  })

  it('is removed by a trim by id, and with its stream', async () => {
    const { directory, engine } = await withDamage(0, ...targets)
    expect((await engine.getStream(ORDERS)).firstEntry).toBe(null)
    expect(await engine.trimStream({ ...ORDERS, trim: { minId: entryId(129, 0), approximate: false } })).toBe(
      128
    )
    expect(await sizes(engine)).toEqual(sizesOf(129, 500))
    const after = await reopened(directory, engine)
    expect(await numbers(after, 1, 1000)).toEqual(upTo(129, 500))
    await after.close()
    expect(await checkDirectory(directory)).toMatchObject({ entries: 372 })
    const other = await withDamage(2, ...targets)
    await other.engine.deleteStream(ORDERS)
    await other.engine.close()
    expect(await checkDirectory(other.directory)).toMatchObject({ entries: 0, blocks: 0 })
  })

  it('lets a group read up to it, and continue after it once the group is moved', async () => {
    const { engine } = await withDamage(1, ...targets)
    const read = async (count: number) => {
      const request = { ...BILLING, consumer: 'ann', count, noAck: false, waitMs: 0, streams: [ORDERS] }
      const { streams } = await engine.readGroups(request, signal)
      return (streams[0]?.entries ?? []).map(({ id }) => Number(id >> 64n))
    }
    expect(await read(200)).toEqual(upTo(1, 128))
    await expect(read(10)).rejects.toEqual(damaged)
    expect(await engine.getGroup(BILLING)).toMatchObject({ pending: 128 })
    await engine.updateGroup({ ...BILLING, after: entryId(257, 0) - 1n })
    expect(await read(3)).toEqual([257, 258, 259])
  })

  it('is reported by a check with the range of its entries', async () => {
    const { directory, engine } = await withDamage(1, ...targets)
    await engine.close()
    await expect(checkDirectory(directory)).rejects.toThrow(
      /"orders" has damaged entries: (129-0 to 256-0|from 129-0 on)$/
    )
  })

  it('is trimmed by a replay of the journal as it was before', async () => {
    const { directory, engine } = await withDamage(1, ...targets)
    await append(engine, 501, 1, 200)
    await engine.deleteEntries({ ...ORDERS, ids: [entryId(400, 0)] })
    const copy = await temporaryMemory()
    await cp(directory, copy, { recursive: true })
    const replayed = await open(copy)
    expect(await sizes(replayed)).toMatchObject({ length: 199, firstId: '302-0' })
    expect(await numbers(replayed, 1, 1000)).toEqual(upTo(302, 501).filter((n) => n !== 400))
  })

  it('does not prevent a replay of deletions that were made before the damage', async () => {
    const { directory, engine } = await withDamage(1)
    await engine.deleteEntries({ ...ORDERS, ids: [entryId(130, 0), entryId(200, 0), entryId(300, 0)] })
    const copy = await temporaryMemory()
    await cp(directory, copy, { recursive: true })
    await flipBits(copy, 1, ...targets)
    let replayed = await open(copy)
    for (const _ of [1, 2]) {
      expect(await sizes(replayed)).toMatchObject({ length: 497, sizeBytes: sizesOf(4, 500).sizeBytes })
      expect(await numbers(replayed, 257, 500)).toEqual(upTo(257, 500).filter((n) => n !== 300))
      replayed = await reopened(copy, replayed)
    }
    await append(replayed, 501, 1, 244)
    expect(await sizes(replayed)).toEqual({ ...sizesOf(258, 501), firstId: '257-0' })
  })
})

describe('a stored block whose fields alone are damaged', () => {
  it('lets its entries be deleted one by one, and trims end inside it', async () => {
    const { directory, engine } = await withDamage(1, inFields)
    const ids = [entryId(200, 0), entryId(201, 0), entryId(999, 0)]
    expect(await engine.deleteEntries({ ...ORDERS, ids })).toEqual({
      deleted: 2,
      notFound: [entryId(999, 0)]
    })
    await append(engine, 501, 1, 350)
    expect(await sizes(engine)).toEqual({ ...sizesOf(152, 501), firstId: '150-0' })
    const after = await reopened(directory, engine)
    expect(await sizes(after)).toEqual({ ...sizesOf(152, 501), firstId: '150-0' })
    await expect(numbers(after, 150, 160)).rejects.toEqual(damaged)
    const rest = upTo(150, 256).filter((n) => n !== 200 && n !== 201)
    await after.deleteEntries({ ...ORDERS, ids: rest.map((n) => entryId(n, 0)) })
    expect(await numbers(after, 1, 1000)).toEqual(upTo(257, 501))
    await after.close()
    expect(await checkDirectory(directory)).toMatchObject({ entries: 245 })
  })
})

describe('a stored block whose ids are damaged', () => {
  it('refuses deletions of its entries, and lets trims end only before or after it', async () => {
    const { engine } = await withDamage(1, inIds)
    await expect(engine.deleteEntries({ ...ORDERS, ids: [entryId(1, 0), entryId(200, 0)] })).rejects.toEqual(
      damaged
    )
    expect(await sizes(engine)).toEqual(sizesOf(1, 500))
    expect(await engine.trimStream({ ...ORDERS, trim: exactly(300) })).toBe(128)
    expect(await sizes(engine)).toEqual(sizesOf(129, 500))
    expect(await engine.trimStream({ ...ORDERS, trim: exactly(244) })).toBe(128)
    expect(await sizes(engine)).toEqual(sizesOf(257, 500))
  })
})

describe('a stored block with one damaged summary', () => {
  it.each(inSummaries)('is read as before', async (target) => {
    const { engine } = await withDamage(1, target)
    expect(await numbers(engine, 1, 500)).toEqual(upTo(1, 500))
  })
})
