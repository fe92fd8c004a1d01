/** Milliseconds since a delivery; 0 if the clock has gone back since. */
export function idleMs(delivery: { readonly deliveredAt: number }, now: number): number {
  return Math.max(0, now - delivery.deliveredAt)
}

/** Deliveries after one more. A claim may have set the highest count that can be kept, and there it stays. */
export function deliveredOnceMore(deliveries: number): number {
  return Math.min(deliveries + 1, Number.MAX_SAFE_INTEGER)
}
