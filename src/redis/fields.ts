import type { FieldsJson } from '../engine.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Names and values by turns, in the order of the JSON text: parsed as a whole, numbers as names would be put first. */
export function fieldArgs(fields: FieldsJson): string[] {
  const json = decoder.decode(fields)
  const strings: string[] = []
  // No regular expression: one that takes a string of 8 MiB needs more stack than there is.
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

/**
 * The JSON text of what Redis holds. Of a name that occurs twice, as only native clients can write it, the last value
 * counts; bytes that are no UTF-8 have become U+FFFD on their way here.
 */
export function fieldsJson(flat: readonly string[]): FieldsJson {
  const names = flat.filter((_, index) => index % 2 === 0)
  if (new Set(names).size < names.length) return fieldsJson(lastOfEach(flat))
  let text = ''
  for (let i = 0; i < flat.length; i += 2) {
    text += `${i === 0 ? '' : ','}${JSON.stringify(flat[i])}:${JSON.stringify(flat[i + 1])}`
  }
  return encoder.encode(`{${text}}`)
}

function lastOfEach(flat: readonly string[]): string[] {
  const values = new Map<string, string>()
  for (let i = 0; i < flat.length; i += 2) values.set(flat[i] ?? '', flat[i + 1] ?? '')
  return [...values].flat()
}

/** How many bytes the fields of these entries have. */
export function fieldBytes(entries: readonly { readonly fields: FieldsJson | null }[]): number {
  let bytes = 0
  for (const { fields } of entries) bytes += fields?.length ?? 0
  return bytes
}

/** The same of several streams. */
export function fieldBytesIn(
  streams: readonly { readonly entries: readonly { readonly fields: FieldsJson | null }[] }[]
): number {
  let bytes = 0
  for (const { entries } of streams) bytes += fieldBytes(entries)
  return bytes
}
