/** Returns a text in quotes, with escapes for invisible characters. */
export function quoted(text: string): string {
  return `"${escaped(text)}"`
}

/** Returns a text with escapes for characters that are invisible or look like a space. */
export function escaped(text: string): string {
  return text.replace(INVISIBLE, (found) => ESCAPES[found] ?? `\\u{${found.codePointAt(0)?.toString(16)}}`)
}

const INVISIBLE = /(?! )[\\\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\0': '\\0',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r'
}
