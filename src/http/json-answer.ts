import type { FastifyReply } from 'fastify'
import type { ClaimAnswer, DeliveredEntry, Entry, FieldsJson, StreamEntries } from '../engine.ts'
import { type EntryId, formatId } from '../entry-id.ts'
import { visitOf } from './visit.ts'

/**
 * Answers with entries are put together out of the JSON that the engine keeps of their fields, which is not parsed
 * again. They are built as strings that have one character for each byte (latin1), and become bytes in one go at the
 * end: that is a quarter faster than copying the bytes of each entry.
 */
export type Bytes = string

/** Sends an answer that holds bytes of entries. Throws a problem if there is no room for it, unless it must be sent. */
export function sendBytes(reply: FastifyReply, json: Bytes, mustBeSent = false): FastifyReply {
  const visit = visitOf(reply.raw)
  const refusal = mustBeSent ? undefined : visit.answerRefusal(json.length)
  if (refusal !== undefined) throw refusal
  visit.holdAnswer(json.length)
  return reply.type(JSON_TYPE).send(Buffer.from(json, 'latin1'))
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

export function entryJson({ id, fields }: Entry): Bytes {
  return `{"id":"${formatId(id)}","fields":${bytesOf(fields)}}`
}

export function deliveredJson(entries: readonly DeliveredEntry[]): Bytes {
  return listJson(entries, ({ id, fields, deliveries, idleMs }) => {
    const content = fields === null ? 'null' : bytesOf(fields)
    const idle = idleMs === undefined ? '' : `,"idleMs":${idleMs}`
    return `{"id":"${formatId(id)}","fields":${content},"deliveries":${deliveries}${idle}}`
  })
}

export function claimedJson({ entries, deletedIds }: ClaimAnswer): Bytes {
  const claimed = listJson(entries, ({ id, fields, deliveries }) => {
    const content = fields === undefined ? '' : `"fields":${bytesOf(fields)},`
    return `{"id":"${formatId(id)}",${content}"deliveries":${deliveries}}`
  })
  return `"entries":${claimed},"deletedIds":${idsJson(deletedIds)}`
}

/** One list of entries for each stream. */
export function streamsJson<E>(
  streams: readonly StreamEntries<E>[],
  entriesOf: (entries: readonly E[]) => Bytes
): Bytes {
  return listJson(
    streams,
    ({ stream, entries }) => `{"stream":${textJson(stream)},"entries":${entriesOf(entries)}}`
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

function textJson(text: string): Bytes {
  return Buffer.from(JSON.stringify(text)).toString('latin1')
}

/** A character for each byte. */
export function bytesOf(fields: FieldsJson): Bytes {
  return Buffer.from(fields.buffer, fields.byteOffset, fields.byteLength).toString('latin1')
}
