/** The text of a setting that is not set. */
export const NONE = 'none'

export function oneOf<T extends string>(...values: T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text)
}

export function integer(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max ? value : undefined
  }
}

const UNIT_BYTES: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** A number of bytes, KiB, MiB or GiB: 8388608, 8192KiB, 8MiB. The limits and the value are in bytes. */
export function size(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const [, digits = '', unit = ''] = /^(\d{1,15})([KMG]iB)?$/.exec(text) ?? []
    const value = digits === '' ? Number.NaN : Number(digits) * (UNIT_BYTES[unit] ?? 1)
    return value >= min && value <= max ? value : undefined
  }
}

/** A path. Empty if not set. */
export function fileOrNone(text: string): string | undefined {
  return text === NONE ? '' : withoutControls(text)
}

/**
 * Any text without control characters. A carriage return at the end usually comes from a file with CRLF line
 * ends.
 */
export function withoutControls(text: string): string | undefined {
  return /^\P{Cc}*$/u.test(text) ? text : undefined
}

/** Items separated by commas. Empty if not set, and undefined if any item is invalid. */
export function listOf(
  parse: (text: string) => string | undefined
): (text: string) => readonly string[] | undefined {
  return (text) => {
    if (text === NONE) return []
    const items = text.split(',').map((item) => parse(item.trim()))
    return items.every((item) => item !== undefined) ? items : undefined
  }
}

const HOST = String.raw`(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?`

export function host(text: string): string | undefined {
  return new RegExp(`^${HOST}$`, 'i').test(text) && URL.canParse(`http://${text}`) ? text : undefined
}

/** An origin as browsers send it: in lower case, without the default port. */
export function origin(text: string): string | undefined {
  return new RegExp(`^https?://${HOST}$`, 'i').test(text) && URL.canParse(text)
    ? new URL(text).origin
    : undefined
}
