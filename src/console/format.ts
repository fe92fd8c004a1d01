const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, useGrouping: false })
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })

/** Stands for an unknown value. */
export const UNKNOWN = '–'

/** A count in full: 12,345. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : whole.format(value)
}

/** A count in little space: 12.3K. */
export function shortCount(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value)
}

/** "1 entry", "2 entries". */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${whole.format(value)} ${value === 1 ? singular : plural}`
}

export function entries(value: number): string {
  return counted(value, 'entry', 'entries')
}

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** A size in the largest unit that fits. Each unit is 1000 times the previous one: 850 B, 4.2 kB, 12.3 MB. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return UNKNOWN
  let value = bytes
  let unit = 0
  // 999.5 and more would be rounded to 1000.
  for (; value >= 999.5 && unit < SIZE_UNITS.length - 1; unit++) value /= 1000
  return `${significant.format(value)} ${SIZE_UNITS[unit]}`
}

/** A rate per second, without its unit. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  return value < 10 ? fine.format(value) : shortCount(Math.round(value))
}

/** A duration in its largest unit, or the two largest: 850 ms, 4.2 s, 12 s, 3 min 20 s, 2 h 5 min. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return UNKNOWN
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1).replace('.0', '')} s`
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s`
  const seconds = Math.floor(ms / 1000)
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60].map(
    Math.floor
  )
  if (days) return hours ? `${days} d ${hours} h` : `${days} d`
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
}

/** An id that begins with a number below this does not contain a time. */
const FIRST_MOMENT = Date.UTC(2001, 0)

/** The time in an id. Null if the id does not contain a plausible one, because a client chose it. */
export function momentOf(id: string): number | null {
  const ms = Number(id.split('-')[0])
  return ms >= FIRST_MOMENT && ms < Date.now() + 86_400_000 ? ms : null
}

/** The time of day, with the date unless it is today. */
export function moment(ms: number | null, now = Date.now()): string {
  if (ms === null) return UNKNOWN
  const at = new Date(ms)
  const two = (value: number, length = 2) => `${value}`.padStart(length, '0')
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`
  if (at.toDateString() === new Date(now).toDateString()) return time
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`
}

/** How long ago, in the largest unit: "12 s ago". */
export function ago(ms: number | null, now = Date.now()): string {
  if (ms === null) return UNKNOWN
  const seconds = Math.floor((now - ms) / 1000)
  if (seconds < 1) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${whole.format(Math.floor(seconds / 86_400))} d ago`
}
