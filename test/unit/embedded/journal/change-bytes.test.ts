import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryId } from '../../../../src/contract/entry-id.ts'
import { ByteReader } from '../../../../src/embedded/bytes/byte-reader.ts'
import { ByteWriter } from '../../../../src/embedded/bytes/byte-writer.ts'
import type { Change } from '../../../../src/embedded/core/change.ts'
import { maxChangeBytes, readChange, writeChange } from '../../../../src/embedded/journal/change-bytes.ts'
import { change, changeOf } from '../../../support/changes.ts'

function bytesOf(change: Change): Buffer {
  const writer = new ByteWriter(16)
  writer.reserve(maxChangeBytes(change))
  writeChange(writer, change)
  return Buffer.from(writer.slice(0, writer.at))
}

function changeIn(bytes: Buffer): Change {
  const reader = new ByteReader(bytes).moveTo(0, bytes.length)
  const change = readChange(reader)
  if (!reader.atEnd) throw new RangeError('Some bytes were not read')
  return change
}

const acked: Change = {
  kind: 'acked',
  stream: 'orders',
  group: 'billing',
  ids: [entryId(1, 0), entryId(1, 1)]
}

const group = { stream: 's', group: 'g' }
const ids = [entryId(1, 2), entryId(1, 3)] as const
const [id2, id3] = ids
const ID2 = '01000000000000000200000000000000'
const ID3 = '01000000000000000300000000000000'
const entries = [
  { id: id2, fields: Buffer.from('{}') },
  { id: id3, fields: Buffer.from('[]') }
]
const delivered = { at: 5, ids, noAck: true, lastDeliveredId: id3, entriesRead: 7 }
const claims = [{ id: id2, deliveredAt: 5, deliveries: 2 }]

/** The bytes in existing journals. Lines may be added, but never changed. */
const ON_DISK: [Change, string][] = [
  [{ kind: 'streamCreated', stream: 's' }, '010173'],
  [{ kind: 'streamDeleted', stream: 's' }, '020173'],
  [
    { kind: 'streamIdSet', stream: 's', lastId: id3, entriesAdded: 300, maxDeletedId: id2 },
    `030173${ID3}ac02${ID2}`
  ],
  [{ kind: 'appended', stream: 's', entries }, `0401730200${ID2}027b7d01025b5d`],
  [{ kind: 'entriesDeletedV1', stream: 's', ids }, `0501730200${ID2}01`],
  [{ kind: 'trimmedV1', stream: 's', count: Number.MAX_SAFE_INTEGER }, '060173ffffffffffffff0f'],
  [{ kind: 'groupSet', ...group, lastDeliveredId: id2, entriesRead: null }, `0701730167${ID2}00`],
  [{ kind: 'groupDeleted', ...group }, '0801730167'],
  [{ kind: 'consumerSeen', ...group, consumer: 'c', at: 1_700_000_000_000 }, '0901730167016380d095ffbc31'],
  [{ kind: 'consumerDeleted', ...group, consumer: 'c' }, '0a017301670163'],
  [{ kind: 'delivered', ...group, consumer: 'c', ...delivered }, `0b017301670163050200${ID2}0101${ID3}0107`],
  [{ kind: 'claimed', ...group, consumer: 'c', activeAt: null, claims }, `0c017301670163000100${ID2}0502`],
  [{ kind: 'acked', ...group, ids }, `0d017301670200${ID2}01`],
  [{ kind: 'returned', ...group, ids }, `0e017301670200${ID2}01`],
  [{ kind: 'entriesDeleted', stream: 's', ids, bytes: [2, 300] }, `0f01730200${ID2}0102ac02`],
  [
    { kind: 'trimmed', stream: 's', upTo: id2, count: 5, bytes: 300, firstId: id3 },
    `100173${ID2}05ac0201${ID3}`
  ],
  [{ kind: 'trimmed', stream: 's', upTo: id3, count: 1, bytes: 2, firstId: null }, `100173${ID3}010200`]
]

describe('an encoded change', () => {
  it.each(Object.entries(changeOf))('decodes to the same change: %s', (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (change) => {
        expect(changeIn(bytesOf(change))).toEqual(change)
      })
    )
  })

  it('is never longer than maxChangeBytes', () => {
    fc.assert(
      fc.property(change, (change) => {
        expect(bytesOf(change).length).toBeLessThanOrEqual(maxChangeBytes(change))
      })
    )
  })

  it('needs one byte for an id that follows the previous one', () => {
    const more: Change = { ...acked, ids: [entryId(1, 0), entryId(1, 1), entryId(1, 2)] }
    expect(bytesOf(more).length).toBe(bytesOf(acked).length + 1)
  })

  it.each(ON_DISK)('has the same bytes as ever: $0.kind', (change, hex) => {
    expect(bytesOf(change).toString('hex')).toBe(hex)
    expect(changeIn(Buffer.from(hex, 'hex'))).toEqual(change)
  })

  it('is refused with its number if its kind is unknown', () => {
    const bytes = bytesOf(acked)
    bytes[0] = 99
    expect(() => changeIn(bytes)).toThrow(new RangeError('Unknown kind of change: 99'))
  })

  it('is refused if it is truncated at any byte', () => {
    fc.assert(
      fc.property(change, fc.nat(), (change, cut) => {
        const bytes = bytesOf(change)
        expect(() => changeIn(bytes.subarray(0, cut % bytes.length))).toThrow(RangeError)
      })
    )
  })

  it('is refused if a name is not UTF-8, but not if it contains U+FFFD', () => {
    const bytes = bytesOf({ kind: 'streamCreated', stream: 'a' })
    bytes[2] = 0xff
    expect(() => changeIn(bytes)).toThrow(new RangeError('A text is not valid UTF-8'))
    const change: Change = { kind: 'streamCreated', stream: '\ufffd' }
    expect(changeIn(bytesOf(change))).toEqual(change)
  })

  it('is decoded or refused with a RangeError, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          changeIn(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 2000 }
    )
  })

  it.each([
    ['a lone surrogate in a name', { kind: 'streamCreated', stream: 'orders\ud800' }],
    ['half a count', { kind: 'trimmedV1', stream: 'orders', count: 1.5 }],
    ['a negative count', { kind: 'trimmedV1', stream: 'orders', count: -1 }],
    ['a count above the safe integers', { kind: 'trimmedV1', stream: 'orders', count: 2 ** 53 }]
  ] satisfies [string, Change][])('cannot contain %s', (_what, change) => {
    expect(() => bytesOf(change)).toThrow(RangeError)
  })
})
