import { describe, expect, it } from 'vitest'
import { entryId } from '../../../src/contract/entry-id.ts'
import {
  claimedJson,
  deliveredJson,
  deliveriesJson,
  entriesJson,
  idsJson,
  placesJson
} from '../../../src/http/json-answer.ts'

const fields = Buffer.from('{"цена":"49.90 €","🧾":"\\u0000"}')
const parsed = { цена: '49.90 €', '🧾': '\u0000' }
const id = entryId(5, 7)

describe('answers that are assembled from bytes', () => {
  it('contain ids', () => {
    expect(idsJson([])).toBe('[]')
    expect(read(idsJson([id, entryId(6, 0)]))).toEqual(['5-7', '6-0'])
  })

  it('contain entries with any characters', () => {
    expect(
      read(
        entriesJson([
          { id, fields },
          { id, fields }
        ])
      )
    ).toEqual([
      { id: '5-7', fields: parsed },
      { id: '5-7', fields: parsed }
    ])
  })

  it('contain deliveries, and null as the fields of deleted entries', () => {
    const entries = [
      { id, fields, deliveries: 1 },
      { id, fields: null, deliveries: 2, idleMs: 0 }
    ]
    expect(read(deliveredJson(entries))).toEqual([
      { id: '5-7', fields: parsed, deliveries: 1 },
      { id: '5-7', fields: null, deliveries: 2, idleMs: 0 }
    ])
  })

  it('contain claims with and without fields', () => {
    const entries = [
      { id, fields, deliveries: 1 },
      { id, deliveries: 2 }
    ]
    expect(read(`{${claimedJson({ entries, deletedIds: [id] })}}`)).toEqual({
      entries: [
        { id: '5-7', fields: parsed, deliveries: 1 },
        { id: '5-7', deliveries: 2 }
      ],
      deletedIds: ['5-7']
    })
  })

  it('contain streams of any name', () => {
    const stream = 'eu/"🧾"\\'
    expect(read(placesJson([{ stream, entries: [{ id, fields }], next: id }]))).toEqual([
      { stream, entries: [{ id: '5-7', fields: parsed }], next: '5-7' }
    ])
    expect(read(deliveriesJson([{ stream, entries: [{ id, fields, deliveries: 1 }] }]))).toEqual([
      { stream, entries: [{ id: '5-7', fields: parsed, deliveries: 1 }] }
    ])
  })

  it('list the fields that are base64', () => {
    const encoded = { fields, base64: ['цена'], base64Names: ['🧾'] }
    const decoded = { fields: parsed, base64: ['цена'], base64Names: ['🧾'] }
    expect(read(entriesJson([{ id, ...encoded }]))).toEqual([{ id: '5-7', ...decoded }])
    expect(read(deliveredJson([{ id, ...encoded, deliveries: 1, idleMs: 2 }]))).toEqual([
      { id: '5-7', ...decoded, deliveries: 1, idleMs: 2 }
    ])
    const claimed = { entries: [{ id, fields, base64: ['цена'], deliveries: 1 }], deletedIds: [] }
    expect(read(`{${claimedJson(claimed)}}`)).toEqual({
      entries: [{ id: '5-7', fields: parsed, base64: ['цена'], deliveries: 1 }],
      deletedIds: []
    })
  })

  it('contain fields from any part of a buffer', () => {
    const memory = new Uint8Array(100)
    memory.set(fields, 30)
    const part = memory.subarray(30, 30 + fields.length)
    expect(read(entriesJson([{ id, fields: part }]))).toEqual([{ id: '5-7', fields: parsed }])
  })
})

function read(json: string): unknown {
  return JSON.parse(Buffer.from(json, 'latin1').toString())
}
