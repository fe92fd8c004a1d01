import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../../../src/embedded/bytes/byte-reader.ts'
import { ByteWriter } from '../../../../src/embedded/bytes/byte-writer.ts'
import type { Change } from '../../../../src/embedded/core/change.ts'
import {
  COMMIT_MARKER_BYTES,
  changesAt,
  commitMarkerAt,
  isCommitMarker,
  kindAt,
  MIN_RECORD_BYTES,
  type RecordPosition,
  recordBytes,
  recordStateAt,
  stepBytes,
  writeChanges,
  writeCommitMarker,
  writeEndOfSegment
} from '../../../../src/embedded/journal/record.ts'
import { changes } from '../../../support/changes.ts'

const location: RecordPosition = { position: 4096, salt: 7 }
const created: Change[] = [{ kind: 'streamCreated', stream: 'orders' }]

function written(write: (to: ByteWriter) => number): Buffer {
  const writer = new ByteWriter(1 << 20)
  expect(write(writer)).toBe(writer.at)
  return Buffer.from(writer.slice(0, writer.at))
}

const by = { boot: 2 ** 32 - 1, answersDurable: true }
const record = written((to) => writeChanges(to, location, created))
const marker = written((to) => writeCommitMarker(to, location, 2 ** 52, by))
const endOfSegment = written((to) => writeEndOfSegment(to, location))

describe('a record', () => {
  it('decodes to the same changes in the same order', () => {
    fc.assert(
      fc.property(changes, fc.nat(2 ** 50), fc.nat(2 ** 32 - 1), (changes, slot, salt) => {
        const location = { position: 8 * slot, salt }
        const writer = new ByteWriter(16)
        writer.reserve(recordBytes(changes))
        const length = writeChanges(writer, location, changes)
        const bytes = writer.slice(0, length)
        expect(length).toBeLessThanOrEqual(recordBytes(changes))
        expect(length % 8).toBe(0)
        expect(recordStateAt(bytes, 0, location, length)).toBe('whole')
        expect(stepBytes(bytes, 0)).toBe(length)
        expect(changesAt(new ByteReader(bytes), 0)).toEqual(changes)
      })
    )
  })

  it('is distinguished from a commit marker and an end-of-segment record by its kind', () => {
    expect([record, marker, endOfSegment].map((bytes) => kindAt(bytes, 0))).toEqual([
      'changes',
      'commit marker',
      'end of segment'
    ])
    expect(commitMarkerAt(marker, 0)).toEqual({ durable: 2 ** 52, by })
    expect([marker.length, endOfSegment.length]).toEqual([COMMIT_MARKER_BYTES, MIN_RECORD_BYTES])
  })

  it('is broken by every flipped bit', () => {
    for (const bytes of [record, marker, endOfSegment]) {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        // Zeros after it, as in a segment, because a larger length may reach into them.
        expect(recordStateAt(Buffer.concat([flipped, Buffer.alloc(64)]), 0, location, 64)).not.toBe('whole')
      }
    }
  })

  it.each([
    ['position', { ...location, position: 4104 }],
    ['segment', { ...location, salt: 8 }]
  ])('is broken at another %s', (_what, elsewhere) => {
    expect(recordStateAt(record, 0, elsewhere, record.length)).toBe('broken')
    expect(isCommitMarker(marker, 0, elsewhere)).toBe(false)
    expect(isCommitMarker(marker, 0, location)).toBe(true)
  })

  it('is short while bytes are missing, and broken if no more can follow', () => {
    for (let length = 0; length < record.length; length++) {
      expect(recordStateAt(record.subarray(0, length), 0, location, record.length)).toBe('short')
    }
    expect(recordStateAt(record, 0, location, record.length - 8)).toBe('broken')
  })

  it('is empty where the file contains zeros', () => {
    expect(recordStateAt(Buffer.alloc(16), 0, location, 16)).toBe('empty')
    expect(recordStateAt(Buffer.from('0100000000000000', 'hex'), 0, location, 16)).toBe('broken')
  })
})
