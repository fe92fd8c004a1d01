import { Committer } from '../../src/embedded/committer.ts'
import type { Decision } from '../../src/embedded/core/decide/decision.ts'
import type { StorageHooks } from '../../src/embedded/core/storage-hooks.ts'
import { Quotas } from '../../src/embedded/quotas.ts'
import { openStorage, type Storage } from '../../src/embedded/storage.ts'
import { Core } from './core.ts'

/** Makes a change fail at one of the steps between the journal's buffer and its answer. */
export class Faults {
  /** How many steps were taken since `arm`. */
  steps = 0
  #failAt = Number.POSITIVE_INFINITY
  #isApplying = false

  /** Makes the nth step from now on fail. */
  arm(nth: number): void {
    this.steps = 0
    this.#failAt = nth
  }

  begin(): void {
    this.#isApplying = true
    this.step()
  }

  end(): void {
    this.#isApplying = false
  }

  step(): void {
    if (this.#isApplying && ++this.steps === this.#failAt) throw new Error('A step failed')
  }

  /** Wraps the hooks, so that each call of one is a step. */
  around({ tracker, blockSource }: StorageHooks): StorageHooks {
    return { tracker: this.#failing(tracker), blockSource: this.#failing(blockSource) }
  }

  #failing<T extends object>(hooks: T): T {
    const failing =
      (method: (...args: unknown[]) => unknown) =>
      (...args: unknown[]) => {
        this.step()
        return method.apply(hooks, args)
      }
    const names = new Set<string>(Object.keys(hooks))
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(hooks))) names.add(name)
    names.delete('constructor')
    const entries = [...names].flatMap((name) => {
      const method: unknown = Reflect.get(hooks, name)
      return typeof method === 'function' ? [[name, failing(method as () => unknown)]] : []
    })
    return Object.fromEntries(entries)
  }
}

/** A core in a data directory. A committer commits its decisions. */
export class StoredCore extends Core {
  readonly storage: Storage
  readonly faults: Faults
  readonly failures: Error[]
  /** The number of changes after each commit. */
  readonly ends: number[] = []
  readonly #committer: Committer

  /** Opens a core that keeps as little as possible in memory, with a checkpoint after `everyBytes` bytes of journal. */
  static async open(directory: string, faults: Faults, everyBytes: number): Promise<StoredCore> {
    const failures: Error[] = []
    const storage = await openStorage({
      directory,
      fsync: 'never',
      segmentBytes: 1 << 20,
      memoryBytes: 1,
      everyBytes,
      onFailure: (error) => failures.push(error),
      around: (hooks) => faults.around(hooks)
    })
    return new StoredCore(storage, faults, failures)
  }

  private constructor(storage: Storage, faults: Faults, failures: Error[]) {
    super(storage.streams)
    this.storage = storage
    this.faults = faults
    this.failures = failures
    const most = Number.POSITIVE_INFINITY
    this.#committer = new Committer({
      journal: storage.journal,
      quotas: new Quotas(storage.streams, { streams: most, groups: most, consumers: most, pending: most }),
      now: () => this.at,
      onChange: () => faults.step(),
      onCommit: () => {
        faults.step()
        storage.checkpoints.keepUp()
      },
      onStep: () => faults.begin()
    })
  }

  /** Resolves when all changes are on disk. */
  kept(): Promise<void> {
    return this.storage.journal.kept(this.storage.journal.position)
  }

  override commit<A>(decision: Decision<A>): A {
    try {
      const settled = this.#committer.tryCommitRelief(() => decision)
      if ('neededBytes' in settled) throw new Error('The journal has no room')
    } finally {
      this.faults.end()
    }
    this.changes.push(...decision.changes)
    this.ends.push(this.changes.length)
    return decision.answer
  }
}
