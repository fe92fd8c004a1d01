/** A text of a client as a problem shows it: quoted, and cut after `most` characters. */
export function shown(text: string, most: number): string {
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text)
}
