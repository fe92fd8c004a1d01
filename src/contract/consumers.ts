export interface ConsumerInfo {
  readonly name: string
  readonly pending: number
  /** Since it last tried to read or claim. */
  readonly idleMs: number
  /** Since it was last given an entry; null for never. */
  readonly inactiveMs: number | null
}

export interface ConsumerPage {
  readonly consumers: readonly ConsumerInfo[]
  /** Left out on the last page. */
  readonly cursor?: string
}
