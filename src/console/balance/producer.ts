import type { DeliveredEntry } from '../api/answers.ts'
import { Refusal, Unreachable } from '../api/client.ts'
import { appendEntries } from '../api/operations.ts'
import { pause, whenVisible } from '../live/visibility.ts'
import type { EntryTally } from './entry-tally.ts'

export interface ProducerContext {
  readonly stream: string
  readonly tally: EntryTally
  failed(error: Refusal | Unreachable): void
}

/** The most entries that a request can contain. */
const MAX_ENTRIES = 1000
/** The pause before the producer appends what has become due. */
const TICK_MS = 40
const RETRY_MS = 1000
/** If the producer falls further behind than this, it skips entries: the server or this browser cannot keep up. */
const MAX_BEHIND_MS = 1000
/** Statistics cover this many recent requests. */
const RECENT = 20

/** The field of an entry that workers cannot process. */
const POISON = { poison: 'yes' }

export function isPoison({ fields }: DeliveredEntry): boolean {
  return fields?.['poison'] !== undefined
}

const ITEMS = ['book', 'lamp', 'chair', 'desk', 'pen'] as const

/** Appends entries at a rate. Sends one entry per request while that is fast enough, and otherwise all that are due. */
export class Producer {
  /** Entries per second. */
  rate = 0
  /** One in this number of entries is poison. 0: none. */
  poisonEvery = 0
  readonly #context: ProducerContext
  readonly #recent: { readonly at: number; readonly entries: number }[] = []
  #number = 0
  #isBehind = false

  constructor(context: ProducerContext) {
    this.#context = context
  }

  /** Whether the server or this browser cannot keep up with the rate. */
  get isBehind(): boolean {
    return this.#isBehind && this.rate > 0
  }

  /** Recent requests per second, and entries per request. Null if there were too few requests. */
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
      const maxDue = Math.max(1, (this.rate * MAX_BEHIND_MS) / 1000)
      due += (this.rate * (now - before)) / 1000
      this.#isBehind = due > maxDue
      due = this.rate === 0 ? 0 : Math.min(due, maxDue)
      before = now
      while (due >= 1 && !signal.aborted) {
        const count = Math.min(MAX_ENTRIES, Math.floor(due))
        due -= count
        await this.#tryAppending(count, signal)
      }
    }
  }

  /** Appends entries at once, whatever the rate. */
  async append(count: number): Promise<void> {
    const entries = Array.from({ length: count }, () => {
      const number = this.#number++
      const isPoison = this.poisonEvery > 0 && number % this.poisonEvery === 0
      const item = ITEMS[number % ITEMS.length] ?? ''
      return { fields: { order: `${number}`, item, ...(isPoison && POISON) } }
    })
    // Never creates the stream: when the balance ends, an append can arrive after its stream was deleted.
    this.#context.tally.append(await appendEntries(this.#context.stream, entries, false))
    this.#recent.push({ at: performance.now(), entries: count })
    if (this.#recent.length > RECENT) this.#recent.shift()
  }

  async #tryAppending(count: number, signal: AbortSignal): Promise<void> {
    try {
      await this.append(count)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Unreachable)) throw error
      if (signal.aborted) return
      this.#context.failed(error)
      await pause(RETRY_MS, signal)
    }
  }
}
