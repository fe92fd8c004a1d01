import { isUtf8 } from 'node:buffer'
import type { Encoded, FieldsJson } from '../../contract/entries.ts'
import type { Reply } from '../connection/client.ts'

const decoder = new TextDecoder()

/**
 * Converts fields to names and values in turn, in the order of the JSON text. `JSON.parse` of the whole text would move
 * names that are numbers to the front.
 */
export function fieldArgs(fields: FieldsJson): string[] {
  const json = decoder.decode(fields)
  const strings: string[] = []
  // Not a regular expression: to match a string of 8 MiB, it would need more stack than the process has.
  for (let from = json.indexOf('"'); from >= 0; ) {
    let to = json.indexOf('"', from + 1)
    while (isEscaped(json, to)) to = json.indexOf('"', to + 1)
    const text = json.slice(from, to + 1)
    strings.push(text.includes('\\') ? JSON.parse(text) : text.slice(1, -1))
    from = json.indexOf('"', to + 1)
  }
  return strings
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0
  while (json[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}

/** Fields in the form in which an answer contains them. */
export interface Content extends Encoded {
  readonly fields: FieldsJson
}

/**
 * Converts an entry's fields as Redis stores them, names and values in turn, as bytes. Invalid UTF-8 becomes base64.
 */
export function contentOf(flat: readonly Reply[]): Content {
  const json = jsonOf(flat.map(textOf))
  // U+FFFD replaces invalid UTF-8. A valid text may contain it, too.
  return json.includes('\ufffd') ? encoded(flat) : { fields: Buffer.from(json) }
}

/** Converts a reply to a string. For bytes, `String` takes twice as long as `toString`. */
export function textOf(reply: Reply | undefined): string {
  return Buffer.isBuffer(reply) ? reply.toString() : String(reply)
}

function encoded(flat: readonly Reply[]): Content {
  const values = new Map<string, string>()
  const base64 = new Set<string>()
  const base64Names = new Set<string>()
  for (let i = 0; i < flat.length; i += 2) {
    const [name, value] = [textOrBase64(flat[i]), textOrBase64(flat[i + 1])]
    values.set(name.text, value.text)
    if (name.isBase64) base64Names.add(name.text)
    // Only the last value of a name counts.
    if (value.isBase64) base64.add(name.text)
    else base64.delete(name.text)
  }
  return {
    fields: Buffer.from(jsonOf([...values].flat())),
    ...(base64.size > 0 && { base64: [...base64] }),
    ...(base64Names.size > 0 && { base64Names: [...base64Names] })
  }
}

function textOrBase64(reply: Reply | undefined): { readonly text: string; readonly isBase64: boolean } {
  if (!Buffer.isBuffer(reply) || isUtf8(reply)) return { text: textOf(reply), isBase64: false }
  return { text: reply.toString('base64'), isBase64: true }
}

/**
 * Converts names and values to JSON. If a name occurs twice, which only native clients can write, its last value
 * counts.
 */
function jsonOf(flat: readonly string[]): string {
  if (hasDuplicateName(flat)) return jsonOf(lastOfEach(flat))
  let json = '{'
  for (let i = 0; i < flat.length; i += 2) {
    json += `${i === 0 ? '' : ','}${JSON.stringify(flat[i])}:${JSON.stringify(flat[i + 1])}`
  }
  return `${json}}`
}

function hasDuplicateName(flat: readonly string[]): boolean {
  if (flat.length === 2) return false
  const names = new Set<string | undefined>()
  for (let i = 0; i < flat.length; i += 2) names.add(flat[i])
  return names.size * 2 < flat.length
}

function lastOfEach(flat: readonly string[]): string[] {
  const values = new Map<string, string>()
  for (let i = 0; i < flat.length; i += 2) values.set(flat[i] ?? '', flat[i + 1] ?? '')
  return [...values].flat()
}

/** The size of the entries' fields, in bytes of JSON. */
export function fieldBytes(entries: readonly { readonly fields: FieldsJson | null }[]): number {
  let bytes = 0
  for (const { fields } of entries) bytes += fields?.length ?? 0
  return bytes
}

/** The same for the entries of several streams. */
export function fieldBytesIn(
  streams: readonly { readonly entries: readonly { readonly fields: FieldsJson | null }[] }[]
): number {
  let bytes = 0
  for (const { entries } of streams) bytes += fieldBytes(entries)
  return bytes
}
