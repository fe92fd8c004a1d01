import type { Entered } from './api-request.ts'

/** The names in the paths of the requests that were sent: the forms of other operations begin with them. */
const names = new Map<string, string>()

export function remember({ values }: Entered): void {
  for (const [key, value] of Object.entries(values)) if (key.startsWith('path:')) names.set(key, value)
}

/** The input, with the remembered names in place of those of the examples. */
export function withRemembered({ values, body }: Entered): Entered {
  return {
    body,
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, names.get(key) ?? value]))
  }
}
