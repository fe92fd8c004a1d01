/** A body as a value. Undefined if it is not JSON, or if a number in it would change: samples then keep its text. */
export function parsedBody(body: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return hasInexactNumber(body) ? undefined : { value }
  } catch {
    return undefined
  }
}

/** Whether a number of the text is too long for JavaScript. */
function hasInexactNumber(body: string): boolean {
  const withoutStrings = body.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  return /\d{16}/.test(withoutStrings)
}

/** The body in as few characters as its meaning needs. */
export function compactBody(body: string): string {
  const parsed = parsedBody(body)
  return parsed === undefined ? body : JSON.stringify(parsed.value)
}

/** Indents all lines but the first. */
export function indented(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`)
}

/** How long a client should wait for the answer: 5 seconds longer than the server may. Undefined if it need not care. */
export function timeoutSeconds(waitMs: number): number | undefined {
  return waitMs > 0 ? Math.ceil(waitMs / 1000) + 5 : undefined
}
