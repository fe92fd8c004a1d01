interface PagerProps {
  readonly isFirst: boolean
  readonly isLast: boolean
  previous(): void
  next(): void
}

/** Buttons for the previous and the next page of a list. */
export function Pager({ isFirst, isLast, previous, next }: PagerProps) {
  return (
    <div class="pager">
      <button type="button" disabled={isFirst} onClick={previous}>
        Previous
      </button>
      <button type="button" disabled={isLast} onClick={next}>
        Next
      </button>
    </div>
  )
}
