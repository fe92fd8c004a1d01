import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../../src/contract/entry-id.ts'
import { ByteWriter } from '../../../src/embedded/bytes/byte-writer.ts'
import type { Change } from '../../../src/embedded/core/change.ts'
import { Stream } from '../../../src/embedded/core/stream.ts'
import { maxChangeBytes, writeChange } from '../../../src/embedded/journal/change-bytes.ts'
import {
  encodeConsumer,
  encodeGroup,
  encodeRoot,
  encodeStream,
  FORMAT_VERSION
} from '../../../src/embedded/store/values.ts'
import { changeOf } from '../../support/changes.ts'
import { layoutsOf, membersIn } from '../../support/on-disk-format.ts'

const PAGE = readFileSync(new URL('../../../docs/on-disk-format.md', import.meta.url), 'utf8')
const CHANGES = layoutsOf(PAGE, /^ ?(\d+) (\w+) *(.*)$/)
const VALUES = layoutsOf(PAGE, /^()(root|stream|group|consumer) +(.*)$/)

describe('docs/on-disk-format.md', () => {
  it('lists every kind of change', () => {
    expect([...CHANGES.keys()].sort()).toEqual(Object.keys(changeOf).sort())
  })

  it.each(Object.entries(changeOf))('suffices to read %s from the journal', (kind, changes) => {
    const layout = CHANGES.get(kind)
    fc.assert(
      fc.property(changes as fc.Arbitrary<Change>, (change) => {
        const read = membersIn(bytesOf(change), [
          { name: 'number', type: 'byte' },
          { name: 'stream', type: 'text' },
          ...(layout?.items ?? [])
        ])
        expect(read).toEqual({ number: layout?.number, ...documented(change) })
      })
    )
  })

  it('suffices to read a root, a stream, a group and a consumer from the store', () => {
    const [first, last] = [entryId(1, 0), entryId(2, 0)]
    const stream = new Stream('orders', 7)
    const fields = Buffer.from('{"item":"book"}')
    stream.append([
      { id: first, fields },
      { id: last, fields }
    ])
    const values = { lastDeliveredId: first, entriesRead: null, returned: [first, last], nextConsumer: 3 }
    expect(read('root', encodeRoot({ position: 4096, nextNumber: 8 }))).toEqual({
      'format version': FORMAT_VERSION,
      'journal position': 4096,
      'next number': 8
    })
    expect(read('stream', encodeStream(stream))).toEqual({
      name: 'orders',
      number: 7,
      'block namespace': 7,
      lastId: last,
      maxDeletedId: 0n,
      deletedUpTo: 0n,
      entriesAdded: 2,
      length: 2,
      'trimmed through': 0n,
      'bytes of all fields': 2 * fields.length,
      tombstones: [],
      repeated: []
    })
    expect(read('group', encodeGroup({ name: 'billing', values }))).toEqual({
      name: 'billing',
      lastDeliveredId: first,
      entriesRead: null,
      'number of the next consumer': 3,
      returned: [first, last]
    })
    expect(read('consumer', encodeConsumer({ number: 1, seenAt: 1000, activeAt: 500 }))).toEqual({
      number: 1,
      seenAt: 1000,
      activeAt: 500
    })
  })
})

function read(value: string, bytes: Uint8Array): Record<string, unknown> {
  return membersIn(bytes, VALUES.get(value)?.items ?? [])
}

function bytesOf(change: Change): Uint8Array {
  const writer = new ByteWriter(16)
  writer.reserve(maxChangeBytes(change))
  writeChange(writer, change)
  return Buffer.from(writer.slice(0, writer.at))
}

/** The members of a change under the names on the page. */
function documented({ kind, ...members }: Change): Record<string, unknown> {
  const { entries, claims, bytes, ...others } = members as Record<string, unknown>
  if (kind === 'appended') return { ...others, count: (entries as unknown[]).length, repeated: entries }
  if (kind === 'claimed') return { ...others, count: (claims as unknown[]).length, repeated: claims }
  if (kind === 'entriesDeleted')
    return { ...others, repeated: (bytes as number[]).map((each) => ({ bytes: each })) }
  return members
}
