/** A text in quotes, with what cannot be seen of it as escapes. */
export function quoted(text: string): string {
  return `"${shown(text)}"`
}

/** A text for people: what cannot be seen, or not told from a space, is shown as escapes. */
export function shown(text: string): string {
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
