import type { DeliveredEntry, Group } from '../api/answers.ts'

type GroupCounts = Pick<Group, 'pending' | 'dead' | 'lag'>

/**
 * Counts what becomes of every entry of a balance, so that a lost one shows. Every entry that was sent is either not yet
 * delivered, or pending, or dead, or acked.
 */
export class EntryTally {
  #sent = 0
  #delivered = 0
  #redelivered = 0
  #acked = 0
  #acking = 0
  #lost: number | null = 0
  #lastConfirmed: string | undefined
  /** Entries that are not acked, in the order of the appends, and whether each was delivered. */
  readonly #unacked = new Map<string, boolean>()
  /** Entries that were delivered before the response to their append arrived. It never does if the connection failed. */
  readonly #early = new Set<string>()

  /** Entries that were appended, as far as this page knows. */
  get sent(): number {
    return this.#sent
  }
  /** Entries that were delivered at least once. */
  get delivered(): number {
    return this.#delivered
  }
  /** Repeated deliveries, of entries that were claimed, nacked or not acked in time. */
  get redelivered(): number {
    return this.#redelivered
  }
  get acked(): number {
    return this.#acked
  }
  /** How many entries were certainly missing at the last poll. Null if the lag is unknown. */
  get lost(): number | null {
    return this.#lost
  }
  /**
   * All entries before this id are acked. Undefined if no append was confirmed. It never passes the last confirmed
   * append: of the entries after that, the page may know a later one and not yet an earlier one.
   */
  get firstNeeded(): string | undefined {
    for (const id of this.#unacked.keys()) if (!this.#early.has(id)) return id
    return this.#lastConfirmed
  }

  append(ids: readonly string[]): void {
    for (const id of ids) {
      const isEarly = this.#early.delete(id)
      if (!isEarly) this.#send(id)
      // Moves it to its place in the order of the appends, which may differ from the order of the deliveries.
      else if (this.#unacked.delete(id)) this.#unacked.set(id, true)
    }
    this.#lastConfirmed = ids.at(-1) ?? this.#lastConfirmed
  }

  deliver(entries: readonly DeliveredEntry[]): void {
    for (const { id } of entries) {
      const wasDelivered = this.#unacked.get(id)
      if (wasDelivered === undefined) {
        this.#send(id)
        this.#early.add(id)
      }
      if (wasDelivered === true) this.#redelivered++
      else this.#delivered++
      this.#unacked.set(id, true)
    }
  }

  /** Registers an ack that is being sent. Returns the function to call with its result. */
  ack(ids: readonly string[]): (notPending: readonly string[]) => void {
    this.#acking += ids.length
    return (notPending) => {
      this.#acking -= ids.length
      const others = new Set(notPending)
      for (const id of ids) if (!others.has(id) && this.#unacked.delete(id)) this.#acked++
    }
  }

  #send(id: string): void {
    this.#sent++
    this.#unacked.set(id, false)
  }

  /**
   * Polls the group and updates `lost`. While requests are in flight, the server is ahead of the page. The comparison
   * therefore takes the entries sent before the poll, and subtracts all that may have been acked by its end. Entries that
   * are still unaccounted for are certainly lost.
   */
  async compare(poll: () => Promise<GroupCounts>): Promise<GroupCounts> {
    const sentBefore = this.#sent
    const group = await poll()
    const ackedByNow = this.#acked + this.#acking
    const known = ackedByNow + group.pending + group.dead
    this.#lost = group.lag === null ? null : Math.max(0, sentBefore - known - group.lag)
    return group
  }
}
