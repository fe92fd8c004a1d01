import type { FastifyReply } from 'fastify'
import type { DeadPage } from '../contract/dead.ts'
import type { DeliveredEntry, Delivery, Settled } from '../contract/deliveries.ts'
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
 * An answer as a string with one character per byte (latin1). Answers contain the fields of entries as the
 * JSON that the engine stores, without parsing it again. To build a string and convert it to bytes once, at
 * the end, is a quarter faster than copying the bytes of each entry. Large fields are sent as the engine's
 * own bytes, so that many clients can be sent the same ones without a copy for each.
 */
export type Bytes = string

/**
 * Sends the answer that `json` builds. `fieldBytes` is the total size of the fields in it. Throws overloaded
 * or too-many-bytes if there is no room for the answer, and then holds none, unless `mustBeSent` is true.
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

/** Fastify itself sends only a single piece, or a stream, which is slower and takes more memory. */
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

/** Total size of the fields of these entries, in bytes. */
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

/** Stands for fields. It cannot occur in JSON, where strings escape it. */
const PLACEHOLDER = '\0'

/** Collects fields while a frame is built. */
let collected: FieldsJson[] | undefined

/** The answer with a placeholder for the fields of each entry. Adds these fields to the list. */
function frameOf(json: () => Bytes, fields: FieldsJson[]): Bytes {
  collected = fields
  try {
    return json()
  } finally {
    collected = undefined
  }
}

/** Smaller fields are copied, because a piece takes memory itself and keeps the whole block of its entry. */
const LARGE_FIELD_BYTES = 16 * 1024

/** The pieces of an answer: large fields as they are, and everything else in one buffer. */
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

/** Sends an answer that contains only ids and numbers. Node writes it together with the headers. */
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

/** The members of an entry that name its base64 fields. Nearly all entries have none. */
export function encodedJson({ base64, base64Names }: Encoded): Bytes {
  const values = base64 === undefined ? '' : `,"base64":${textJson(base64)}`
  return base64Names === undefined ? values : `${values},"base64Names":${textJson(base64Names)}`
}

export function deliveredJson(entries: readonly DeliveredEntry[]): Bytes {
  return listJson(entries, (entry) => {
    const { id, fields, deliveries, idleMs, ackBeforeMs } = entry
    const content = fields === null ? 'null' : bytesOf(fields)
    const idle = idleMs === undefined ? '' : `,"idleMs":${idleMs}`
    const lease = ackBeforeMs === undefined ? '' : `,"ackBeforeMs":${ackBeforeMs}`
    return `{"id":"${formatId(id)}","fields":${content},"deliveries":${deliveries}${idle}${lease}${encodedJson(entry)}}`
  })
}

/** What a read settled, as the members of an object. */
export function settledJson({ acked, nacked, notPending }: Settled): Bytes {
  return `"acked":${acked},"nacked":${nacked},"notPending":${idsJson(notPending)}`
}

export function deadJson({ dead, cursor }: DeadPage): Bytes {
  const list = listJson(dead, (entry) => {
    const { id, fields, deliveries, consumer, reason, deadAt } = entry
    const content = fields === null ? 'null' : bytesOf(fields)
    const owner = consumer === null ? 'null' : textJson(consumer)
    const why = reason === undefined ? '' : `,"reason":${textJson(reason)}`
    const rest = `"deliveries":${deliveries},"consumer":${owner}${why},"deadAt":${deadAt}${encodedJson(entry)}`
    return `{"id":"${formatId(id)}","fields":${content},${rest}}`
  })
  return `{"dead":${list}${cursor === undefined ? '' : `,"cursor":${textJson(cursor)}`}}`
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

/** One list of entries for each stream, with what was settled in it. */
export function deliveriesJson(
  streams: readonly (StreamEntries<DeliveredEntry> & { readonly settled?: Settled })[]
): Bytes {
  return listJson(streams, ({ stream, entries, settled }) => {
    const done = settled === undefined ? '' : `${settledJson(settled)},`
    return `{"stream":${textJson(stream)},${done}"entries":${deliveredJson(entries)}}`
  })
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

/** One character per byte, or the placeholder while a frame is built. */
export function bytesOf(fields: FieldsJson): Bytes {
  if (collected !== undefined) {
    collected.push(fields)
    return PLACEHOLDER
  }
  return Buffer.from(fields.buffer, fields.byteOffset, fields.byteLength).toString('latin1')
}
