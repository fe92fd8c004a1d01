import type { FastifyReply } from 'fastify'
import type { DeliveredEntry, Delivery } from '../contract/deliveries.ts'
import type {
  Encoded,
  Entry,
  EntryPage,
  FieldsJson,
  StreamEntries,
  StreamPlace
} from '../contract/entries.ts'
import { type EntryId, formatId } from '../contract/entry-id.ts'
import type { ClaimAnswer } from '../contract/pending.ts'
import { SMALL_BYTES } from './limits/account.ts'
import { exchangeOf } from './limits/exchange.ts'

/**
 * Answers with entries are put together out of the JSON that the engine keeps of their fields, which is not parsed
 * again. They are built as strings that have one character for each byte (latin1), and become bytes in one go at the
 * end: that is a quarter faster than copying the bytes of each entry. Large fields are sent as the bytes that the engine
 * has, so that many can be sent the same ones without a copy for each.
 */
export type Bytes = string

/**
 * Sends the answer that `json` builds, in which the fields of entries have so many bytes. Throws a problem if there is no
 * room for it, before it takes any, unless it must be sent.
 */
export function sendBytes(
  reply: FastifyReply,
  fieldBytes: number,
  json: () => Bytes,
  mustBeSent = false
): FastifyReply {
  const fields: FieldsJson[] = []
  const frame = fieldBytes > SMALL_BYTES ? frameOf(json, fields) : json()
  let bytes = frame.length
  for (const one of fields) bytes += one.length - PLACEHOLDER.length
  const exchange = exchangeOf(reply.raw)
  const refusal = mustBeSent ? undefined : exchange.answerRefusal(bytes)
  if (refusal !== undefined) throw refusal
  exchange.holdAnswer(bytes)
  reply.type(JSON_TYPE)
  if (fields.length === 0) return reply.send(Buffer.from(frame, 'latin1'))
  sendPieces(reply, piecesOf(frame, fields), bytes)
  return reply
}

/** Fastify sends what is in one piece, or a stream, which would be slower and take more memory. */
function sendPieces(reply: FastifyReply, pieces: readonly Uint8Array[], bytes: number): void {
  reply.hijack()
  const { raw } = reply
  exchangeOf(raw).isAnswered = true
  raw.writeHead(reply.statusCode, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-length': bytes
  })
  raw.cork()
  for (const piece of pieces) raw.write(piece)
  raw.end()
  raw.uncork()
}

/** How many bytes the fields of these entries have. */
export function fieldBytesOf(entries: readonly { readonly fields?: FieldsJson | null }[]): number {
  let bytes = 0
  for (const { fields } of entries) if (fields) bytes += fields.length
  return bytes
}

/** The same for entries of several streams. */
export function fieldBytesIn(streams: Delivery['streams'] | StreamPlace[]): number {
  let bytes = 0
  for (const { entries } of streams) bytes += fieldBytesOf(entries)
  return bytes
}

/** Stands for fields. JSON has no such character: in strings it is escaped. */
const PLACEHOLDER = '\0'

/** Where fields go instead of their text, while a frame is built. */
let aside: FieldsJson[] | undefined

/** The answer with a hole for the fields of each entry, which go into the list. */
function frameOf(json: () => Bytes, fields: FieldsJson[]): Bytes {
  aside = fields
  try {
    return json()
  } finally {
    aside = undefined
  }
}

/** Smaller fields are copied: a piece takes memory, too, and keeps the whole block of its entry. */
const LARGE_FIELD_BYTES = 16 * 1024

/** The answer: large fields as they are, and all else in one memory. */
function piecesOf(frame: Bytes, fields: readonly FieldsJson[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let copied = frame.length - fields.length * PLACEHOLDER.length
  for (const { length } of fields) if (length < LARGE_FIELD_BYTES) copied += length
  const buffer = Buffer.allocUnsafeSlow(copied)
  let begin = 0
  let end = 0
  let from = 0
  for (const one of fields) {
    const placeholder = frame.indexOf(PLACEHOLDER, from)
    end += buffer.write(frame.slice(from, placeholder), end, 'latin1')
    from = placeholder + PLACEHOLDER.length
    if (one.length < LARGE_FIELD_BYTES) {
      buffer.set(one, end)
      end += one.length
    } else {
      pieces.push(buffer.subarray(begin, end), one)
      begin = end
    }
  }
  buffer.write(frame.slice(from), end, 'latin1')
  pieces.push(buffer.subarray(begin))
  return pieces
}

/** Sends an answer out of ids and numbers alone, which Node writes together with its head. */
export function sendAscii(reply: FastifyReply, json: Bytes): FastifyReply {
  return reply.type(JSON_TYPE).send(json)
}

const JSON_TYPE = 'application/json; charset=utf-8'

export function idsJson(ids: readonly EntryId[]): Bytes {
  return listJson(ids, (id) => `"${formatId(id)}"`)
}

export function entriesJson(entries: readonly Entry[]): Bytes {
  return listJson(entries, entryJson)
}

export function entryJson(entry: Entry): Bytes {
  return `{"id":"${formatId(entry.id)}","fields":${bytesOf(entry.fields)}${encodedJson(entry)}}`
}

/** Further members of an entry, for fields that are base64. Nearly all entries have none. */
export function encodedJson({ base64, base64Names }: Encoded): Bytes {
  const values = base64 === undefined ? '' : `,"base64":${textJson(base64)}`
  return base64Names === undefined ? values : `${values},"base64Names":${textJson(base64Names)}`
}

export function deliveredJson(entries: readonly DeliveredEntry[]): Bytes {
  return listJson(entries, (entry) => {
    const { id, fields, deliveries, idleMs } = entry
    const content = fields === null ? 'null' : bytesOf(fields)
    const idle = idleMs === undefined ? '' : `,"idleMs":${idleMs}`
    return `{"id":"${formatId(id)}","fields":${content},"deliveries":${deliveries}${idle}${encodedJson(entry)}}`
  })
}

export function claimedJson({ entries, deletedIds }: ClaimAnswer): Bytes {
  const claimed = listJson(entries, (entry) => {
    const { id, fields, deliveries } = entry
    const content = fields === undefined ? '' : `"fields":${bytesOf(fields)},`
    return `{"id":"${formatId(id)}",${content}"deliveries":${deliveries}${encodedJson(entry)}}`
  })
  return `"entries":${claimed},"deletedIds":${idsJson(deletedIds)}`
}

/** A page of entries as the members of an object. */
export function pageJson({ entries, next }: EntryPage): Bytes {
  return `"entries":${entriesJson(entries)},"next":"${formatId(next)}"`
}

/** One page of entries for each stream. */
export function placesJson(places: readonly StreamPlace[]): Bytes {
  return listJson(places, (place) => `{"stream":${textJson(place.stream)},${pageJson(place)}}`)
}

/** One list of entries for each stream. */
export function deliveriesJson(streams: readonly StreamEntries<DeliveredEntry>[]): Bytes {
  return listJson(
    streams,
    ({ stream, entries }) => `{"stream":${textJson(stream)},"entries":${deliveredJson(entries)}}`
  )
}

function listJson<T>(items: readonly T[], json: (item: T) => Bytes): Bytes {
  let list = ''
  let separator = ''
  for (const item of items) {
    list += separator + json(item)
    separator = ','
  }
  return `[${list}]`
}

function textJson(text: string | readonly string[]): Bytes {
  return Buffer.from(JSON.stringify(text)).toString('latin1')
}

/** A character for each byte. */
export function bytesOf(fields: FieldsJson): Bytes {
  if (aside !== undefined) {
    aside.push(fields)
    return PLACEHOLDER
  }
  return Buffer.from(fields.buffer, fields.byteOffset, fields.byteLength).toString('latin1')
}
