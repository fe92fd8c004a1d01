/** Formats a table in Markdown. The first column is aligned left, the others right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(3, cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Formats a whole number with separators between thousands: 12,345. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** Formats a number of milliseconds. Small ones get more digits. */
export function ms(value: number): string {
  return value < 0.1 ? value.toFixed(3) : value < 100 ? value.toFixed(2) : count(value)
}

/** Formats bytes as a whole number of MiB, without the unit. */
export function mib(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0)
}
