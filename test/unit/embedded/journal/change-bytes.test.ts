import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../../src/embedded/core/change.ts'
import { ByteReader } from '../../../../src/embedded/journal/byte-reader.ts'
import { ByteWriter } from '../../../../src/embedded/journal/byte-writer.ts'
import { maxChangeBytes, readChange, writeChange } from '../../../../src/embedded/journal/change-bytes.ts'
import { entryId } from '../../../../src/entry-id.ts'
import { change, changeOf } from '../../../support/changes.ts'

function bytesOf(change: Change): Buffer {
  const writer = new ByteWriter(16)
  writer.reserve(maxChangeBytes(change))
  writeChange(writer, change)
  return Buffer.from(writer.slice(0, writer.at))
}

function changeIn(bytes: Buffer): Change {
  const reader = new ByteReader(bytes, 0, bytes.length)
  const change = readChange(reader)
  if (!reader.atEnd) throw new RangeError('There is something left')
  return change
}

const acked: Change = {
  kind: 'acked',
  stream: 'orders',
  group: 'billing',
  ids: [entryId(1, 0), entryId(1, 1)]
}

describe('a change in bytes', () => {
  it.each(Object.entries(changeOf))('comes back as it was: %s', (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (change) => {
        expect(changeIn(bytesOf(change))).toEqual(change)
      })
    )
  })

  it('never takes more than the bound that is asked before', () => {
    fc.assert(
      fc.property(change, (change) => {
        expect(bytesOf(change).length).toBeLessThanOrEqual(maxChangeBytes(change))
      })
    )
  })

  it('takes one byte for an id that follows the one before', () => {
    const more: Change = { ...acked, ids: [entryId(1, 0), entryId(1, 1), entryId(1, 2)] }
    expect(bytesOf(more).length).toBe(bytesOf(acked).length + 1)
  })

  it('stands on disk as it always has', () => {
    expect(bytesOf(acked).toString('hex')).toBe(
      `0d${'066f7264657273'}${'0762696c6c696e67'}${'02'}${'00'}${'0100000000000000'}${'0000000000000000'}${'01'}`
    )
  })

  it('is refused by its number when its kind is unknown', () => {
    const bytes = bytesOf(acked)
    bytes[0] = 99
    expect(() => changeIn(bytes)).toThrow(new RangeError('There is no change of kind 99'))
  })

  it('is refused when it ends early, wherever that is', () => {
    fc.assert(
      fc.property(change, fc.nat(), (change, cut) => {
        const bytes = bytesOf(change)
        expect(() => changeIn(bytes.subarray(0, cut % bytes.length))).toThrow(RangeError)
      })
    )
  })

  it('is read or refused, and nothing else, whatever the bytes are', () => {
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
    ['half a count', { kind: 'trimmed', stream: 'orders', count: 1.5 }],
    ['a count below zero', { kind: 'trimmed', stream: 'orders', count: -1 }],
    ['a count past what a number tells apart', { kind: 'trimmed', stream: 'orders', count: 2 ** 53 }]
  ] satisfies [string, Change][])('is not made of %s', (_what, change) => {
    expect(() => bytesOf(change)).toThrow(RangeError)
  })
})
