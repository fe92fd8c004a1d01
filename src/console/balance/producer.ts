import { Refusal, Unreachable } from '../api/client.ts'
import { appendEntries } from '../api/operations.ts'
import { pause, whenVisible } from '../live/visibility.ts'
import type { Ledger } from './entry-tally.ts'

export interface ProducerPlace {
  readonly stream: string
  readonly ledger: Ledger
  failed(error: Refusal | Unreachable): void
}

/** How many entries a request can have. */
const MAX_ENTRIES = 1000
/** The pause between two requests, when a request need not have more than one entry. */
const TICK_MS = 40
const RETRY_MS = 1000
/** What is further behind than this is given up: the rate is more than the server or this browser can do. */
const MAX_BEHIND_MS = 1000
/** Over so many requests it is told how many entries they have. */
const RECENT = 20

const ITEMS = ['book', 'lamp', 'chair', 'desk', 'pen'] as const

/** Appends entries at a rate: one in each request while that goes, and else as many as have come due. */
export class Producer {
  /** Entries per second. */
  rate = 0
  readonly #place: ProducerPlace
  readonly #recent: { readonly at: number; readonly entries: number }[] = []
  #number = 0
  #isBehind = false

  constructor(place: ProducerPlace) {
    this.#place = place
  }

  /** Whether the rate is more than there can be. */
  get isBehind(): boolean {
    return this.#isBehind && this.rate > 0
  }

  /** How many requests there were in a second, and how many entries in each, lately. */
  get requests(): { readonly perSecond: number; readonly entries: number } | null {
    const [first] = this.#recent
    const last = this.#recent.at(-1)
    if (first === undefined || last === undefined || last.at === first.at || this.rate === 0) return null
    const entries = this.#recent.reduce((sum, request) => sum + request.entries, 0)
    return {
      perSecond: ((this.#recent.length - 1) * 1000) / (last.at - first.at),
      entries: entries / this.#recent.length
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    let due = 0
    let before = performance.now()
    while (!signal.aborted) {
      await pause(TICK_MS, signal)
      if (document.hidden) {
        await whenVisible(signal)
        before = performance.now()
      }
      const now = performance.now()
      const most = Math.max(1, (this.rate * MAX_BEHIND_MS) / 1000)
      due += (this.rate * (now - before)) / 1000
      this.#isBehind = due > most
      due = this.rate === 0 ? 0 : Math.min(due, most)
      before = now
      while (due >= 1 && !signal.aborted) {
        const count = Math.min(MAX_ENTRIES, Math.floor(due))
        due -= count
        await this.#tryAppending(count, signal)
      }
    }
  }

  /** Appends so many, whatever the rate. */
  async append(count: number): Promise<void> {
    const entries = Array.from({ length: count }, () => {
      const number = this.#number++
      return { fields: { order: `${number}`, item: ITEMS[number % ITEMS.length] ?? '' } }
    })
    // Never anew: when the balance ends, an append may come after its stream has been removed.
    this.#place.ledger.append(await appendEntries(this.#place.stream, entries, false))
    this.#recent.push({ at: performance.now(), entries: count })
    if (this.#recent.length > RECENT) this.#recent.shift()
  }

  async #tryAppending(count: number, signal: AbortSignal): Promise<void> {
    try {
      await this.append(count)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      if (signal.aborted) return
      this.#place.failed(error)
      await pause(RETRY_MS, signal)
    }
  }
}
