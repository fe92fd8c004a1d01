import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface WindowedProps<T> {
  readonly items: readonly T[]
  readonly rowHeight: number
  readonly columns: number
  row(item: T, index: number): ComponentChildren
}

/** How many rows are there beyond those to be seen, on either side. */
const MARGIN = 10

/**
 * The body of a table of which only those rows exist that are to be seen, so that thousands cost no more than dozens.
 * The rest is two rows that are as high as what they stand for.
 */
export function WindowedRows<T>({ items, rowHeight, columns, row }: WindowedProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [first, setFirst] = useState(0)
  const rows = Math.ceil(innerHeight / rowHeight) + 2 * MARGIN
  useEffect(() => {
    const look = () => {
      const above = -(body.current?.getBoundingClientRect().top ?? 0)
      // In steps, so that not every pixel of scrolling draws the table anew.
      setFirst(Math.max(0, Math.floor(above / rowHeight / MARGIN) * MARGIN - MARGIN))
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [rowHeight])
  const start = Math.min(first, Math.max(0, items.length - rows))
  const end = Math.min(items.length, start + rows)
  return (
    <tbody ref={body}>
      {start > 0 && <Spacer height={start * rowHeight} columns={columns} />}
      {items.slice(start, end).map((item, index) => row(item, start + index))}
      {end < items.length && <Spacer height={(items.length - end) * rowHeight} columns={columns} />}
    </tbody>
  )
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr class="spacer">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  )
}
