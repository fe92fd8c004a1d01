/** A client's text for a message: quoted, and cut after `maxLength` characters. */
export function shown(text: string, maxLength: number): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text)
}
