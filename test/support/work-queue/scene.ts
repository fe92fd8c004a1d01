import { MIN_ID } from '../../../src/contract/entry-id.ts'
import { id } from '../../conformance/fixtures.ts'
import { audit } from './audit.ts'
import { Ledger, type Moment } from './ledger.ts'
import { GROUP, type Stage } from './stage.ts'
import { Waiters } from './waiters.ts'

/** What a program runs in: an engine, what is known of its entries, and the readers that wait. */
export class Scene {
  readonly stage: Stage
  readonly ledger = new Ledger({})
  readonly waiters = new Waiters()
  /** The start of the step that runs now. */
  #from = 0

  constructor(stage: Stage) {
    this.stage = stage
  }

  /** Begins a step. */
  begin(): void {
    this.#from = this.stage.now()
  }

  /** From the start of this step to now. */
  moment(): Moment {
    return { from: this.#from, to: this.stage.now() }
  }

  /** Enters the answers of waiting readers into the ledger. */
  collect(): void {
    this.waiters.collect(this.ledger, this.#from)
  }

  audit(): Promise<void> {
    return audit(this.stage, { ledger: this.ledger, waiters: this.waiters, collect: () => this.collect() })
  }

  /** A time that a program names in tenths of a lease, in milliseconds. */
  ms(tenths: number): number {
    return Math.round((tenths * this.stage.leaseMs) / 10)
  }

  /** The ids of entries that the worker holds, if it holds any; otherwise of any entries. Each is named once. */
  picked(picks: readonly number[], worker: string | null): string[] {
    const held = worker === null ? [] : this.ledger.heldBy(worker).map((one) => one.id)
    const from = held.length > 0 ? held : this.ledger.ids
    if (from.length === 0) return []
    return [...new Set(picks.map((pick) => from[pick % from.length] ?? ''))]
  }

  /** Time passes in small steps, so that what falls due first comes first. */
  async pass(ms: number): Promise<void> {
    const { isStill, leaseMs } = this.stage
    const stepMs = isStill ? Math.ceil(leaseMs / 10) : ms
    for (let left = ms; left > 0; left -= stepMs) {
      this.begin()
      await this.stage.pass(Math.min(left, stepMs))
      await this.audit()
    }
  }

  /**
   * Where time never stands still, waits until nothing falls due within the next moments. Otherwise a waiting reader
   * may get it during a request about the same entry, and nobody can tell which of the two came first.
   */
  async untilQuiet(): Promise<void> {
    if (this.stage.isStill) return
    const range = { from: MIN_ID, to: id('2-0'), limit: 10_000, minIdleMs: 0 }
    while (this.waiters.names.length > 0) {
      const listed = await this.stage.engine.listPending({ ...GROUP, ...range })
      const times = listed.map(({ dueInMs }) => dueInMs ?? Number.POSITIVE_INFINITY)
      const soon = times.filter((ms) => ms < this.stage.leaseMs / 5)
      if (soon.length === 0) return
      await this.pass(Math.max(...soon))
    }
  }
}
