const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 }
] as const

/** A duration that loses nothing, so that it can be edited: 500 ms, 30 s, 1 min 30 s, 12 h. */
export function exactDuration(ms: number): string {
  const parts: string[] = []
  let rest = ms
  for (const unit of UNITS) {
    const value = Math.floor(rest / unit.ms)
    rest -= value * unit.ms
    if (value > 0) parts.push(`${value} ${unit.name}`)
  }
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

const PART = /(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)\s*/y

/** Parses a duration as `exactDuration` writes it. Returns milliseconds, or null if the text is not a duration. */
export function parseDuration(text: string): number | null {
  const wanted = text.trim()
  let sum = 0
  PART.lastIndex = 0
  for (let end = 0; end < wanted.length; end = PART.lastIndex) {
    const part = PART.exec(wanted)
    if (part === null) return null
    sum += Number(part[1]) * (UNITS.find(({ name }) => name === part[2])?.ms ?? 0)
  }
  return wanted === '' ? null : Math.round(sum)
}

/** Writes the milliseconds in a fault of the server as durations: "Must be at least 100 ms, got 1 ms". */
export function withDurations(detail: string): string {
  return detail.replace(/^Must be (at least|at most) (\d+), got (\d+)$/, (_, words, limit, got) => {
    return `Must be ${words} ${exactDuration(Number(limit))}, got ${exactDuration(Number(got))}`
  })
}
