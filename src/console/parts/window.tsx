import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface WindowedProps<T> {
  readonly items: readonly T[]
  readonly rowHeight: number
  readonly columns: number
  row(item: T, index: number): ComponentChildren
}

/** How many rows exist above and below the visible ones. */
const MARGIN = 10

/**
 * A table body that renders only the visible rows, so that thousands of rows cost no more than dozens. Two empty rows
 * take up the height of the others.
 */
export function WindowedRows<T>({ items, rowHeight, columns, row }: WindowedProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [first, setFirst] = useState(0)
  const rows = Math.ceil(innerHeight / rowHeight) + 2 * MARGIN
  useEffect(() => {
    const update = () => {
      const above = -(body.current?.getBoundingClientRect().top ?? 0)
      // In steps, so that the table is not rendered again for each pixel.
      setFirst(Math.max(0, Math.floor(above / rowHeight / MARGIN) * MARGIN - MARGIN))
    }
    update()
    addEventListener('scroll', update, { passive: true })
    addEventListener('resize', update)
    return () => {
      removeEventListener('scroll', update)
      removeEventListener('resize', update)
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
