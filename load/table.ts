/** Prints rows of text in columns, under a title, in Markdown so that a result can be kept as it is. */
export function printTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[]
): void {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  console.log(['', title, '', line(head), rule, ...rows.map(line), ''].join('\n'))
}

/** A number with thousands set apart. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function ms(value: number): string {
  return value.toFixed(2)
}
