/** Weir's mark in the colours of the theme. `weir.svg` is the same drawing, in colours of its own. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="mark-back" />
      <path d="M5 11h9c4 0 4 10 8 10h5" class="mark-near" />
      <path d="M5 17h5c4 0 4 8 8 8" class="mark-far" />
      <path d="M18 9h9" class="mark-drops" />
    </svg>
  )
}
