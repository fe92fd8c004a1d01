import type { DeliveredEntry } from '../api/answers.ts'

/** What a look at the group found. */
export interface GroupSight {
  readonly pending: number
  /** Null where it cannot be known. */
  readonly lag: number | null
}

/**
 * Keeps account of every entry of a balance, so that a lost one would be seen: an entry that was sent is to be
 * delivered, is pending, or was acked.
 */
export class Ledger {
  #sent = 0
  #delivered = 0
  #redelivered = 0
  #acked = 0
  #acking = 0
  #lost: number | null = 0
  #lastAnswered: string | undefined
  /** Sent and not acked, in the order of the appends, and whether it was delivered. */
  readonly #open = new Map<string, boolean>()
  /** Delivered before the answer to its append came, which never comes if the connection failed. */
  readonly #early = new Set<string>()

  /** Appended, as the server answered. */
  get sent(): number {
    return this.#sent
  }
  /** Delivered at least once. */
  get delivered(): number {
    return this.#delivered
  }
  /** Deliveries of entries that had been delivered before: claimed ones. */
  get redelivered(): number {
    return this.#redelivered
  }
  get acked(): number {
    return this.#acked
  }
  /** How many entries are missing for certain, as of the last look; null where that cannot be known. */
  get lost(): number | null {
    return this.#lost
  }
  /**
   * Everything before this id is acked; undefined when nothing was sent. Of what is behind the last append that was
   * answered, the page may know some and not others that are before them.
   */
  get firstNeeded(): string | undefined {
    for (const id of this.#open.keys()) if (!this.#early.has(id)) return id
    return this.#lastAnswered
  }

  append(ids: readonly string[]): void {
    for (const id of ids) {
      const isEarly = this.#early.delete(id)
      if (!isEarly) this.#send(id)
      // In the order of the appends, whatever was delivered first.
      else if (this.#open.delete(id)) this.#open.set(id, true)
    }
    this.#lastAnswered = ids.at(-1) ?? this.#lastAnswered
  }

  deliver(entries: readonly DeliveredEntry[]): void {
    for (const { id } of entries) {
      const wasDelivered = this.#open.get(id)
      if (wasDelivered === undefined) {
        this.#send(id)
        this.#early.add(id)
      }
      if (wasDelivered === true) this.#redelivered++
      else this.#delivered++
      this.#open.set(id, true)
    }
  }

  /** An ack is on its way. Gives a function that says how it went, in the end. */
  ack(ids: readonly string[]): (notPending: readonly string[]) => void {
    this.#acking += ids.length
    return (notPending) => {
      this.#acking -= ids.length
      const others = new Set(notPending)
      for (const id of ids) if (!others.has(id) && this.#open.delete(id)) this.#acked++
    }
  }

  #send(id: string): void {
    this.#sent++
    this.#open.set(id, false)
  }

  /**
   * Looks at the group, and compares. While requests are on their way the server is ahead of the page, so what was
   * sent before the look is held against all that may have been acked by its end: what is missing then is missing.
   */
  async compare(look: () => Promise<GroupSight>): Promise<GroupSight> {
    const sentBefore = this.#sent
    const found = await look()
    const ackedByNow = this.#acked + this.#acking
    this.#lost = found.lag === null ? null : Math.max(0, sentBefore - ackedByNow - found.pending - found.lag)
    return found
  }
}
