/** Stands for no file. */
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

/** A number of bytes, or of the unit that follows it: 8388608, 8192KiB, 8MiB. */
export function size(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    const [, digits = '', unit = ''] = /^(\d{1,15})([KMG]iB)?$/.exec(text) ?? []
    const value = digits === '' ? Number.NaN : Number(digits) * (UNIT_BYTES[unit] ?? 1)
    return value >= min && value <= max ? value : undefined
  }
}

/** Empty for no file. */
export function fileOrNone(text: string): string | undefined {
  return text === NONE ? '' : withoutControls(text)
}

/** A carriage return at the end of a value is mostly that of the file that the value came from. */
export function withoutControls(text: string): string | undefined {
  return /^\P{Cc}*$/u.test(text) ? text : undefined
}

/** Empty for no items. Undefined unless each item is what it must be. */
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

/** As browsers send it: in lower case, without the default port. */
export function origin(text: string): string | undefined {
  return new RegExp(`^https?://${HOST}$`, 'i').test(text) && URL.canParse(text)
    ? new URL(text).origin
    : undefined
}
