/** A consumer's own values: all there is to it but what is pending. Moments are milliseconds since the epoch. */
export interface ConsumerValues {
  readonly name: string
  /** Tells it from every other consumer that the group has or had. */
  readonly number: number
  /** When it last tried to read or claim. */
  readonly seenAt: number
  /** When it was last given an entry; null for never. */
  readonly activeAt: number | null
}

/** A consumer of a group. */
export interface Consumer extends ConsumerValues {
  seenAt: number
  activeAt: number | null
  /** For who stores it: the checkpoint that its last change belongs to, and the last one that encoded it. */
  changedIn: number
  encodedIn: number
}

/** A consumer that no checkpoint knows yet. */
export function newConsumer(values: ConsumerValues): Consumer {
  const { name, number, seenAt, activeAt } = values
  return { name, number, seenAt, activeAt, changedIn: 0, encodedIn: 0 }
}
