import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../src/contract/engine.ts'
import { EngineError } from '../../src/contract/errors.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import { fieldsJson, id, shown } from '../conformance/fixtures.ts'
import type { Operation } from './operation.ts'

/** Limits at which a stream of a few hundred entries does not stay in memory. */
const TIGHT = { memoryBytes: 20_000, everyBytes: 8000 }

/** The embedded engine in a directory of its own. */
export class Weir {
  readonly #directory: string
  readonly #clock: { now: number }
  #engine: Engine

  private constructor(directory: string, clock: { now: number }, engine: Engine) {
    this.#directory = directory
    this.#clock = clock
    this.#engine = engine
  }

  static async open(): Promise<Weir> {
    const directory = await mkdtemp(join(tmpdir(), 'weir-differential-'))
    const clock = { now: 0 }
    return new Weir(directory, clock, await open(directory, clock))
  }

  /** Sets its clock, in milliseconds since the epoch. */
  setClock(now: number): void {
    this.#clock.now = now
  }

  get engine(): Engine {
    return this.#engine
  }

  /** Closes the engine and opens it again from its directory. */
  async reopen(): Promise<void> {
    await this.#engine.close()
    this.#engine = await open(this.#directory, this.#clock)
  }

  async close(): Promise<void> {
    await this.#engine.close()
    await rm(this.#directory, { recursive: true })
  }

  /** Performs an operation. Returns its answer or the code of the refusal, in a form that can be printed. */
  async run(operation: Operation): Promise<unknown> {
    const { kind, ...request } = operation
    const call = this.#engine[kind] as (request: unknown, signal: AbortSignal) => Promise<unknown>
    try {
      const answer = await call.call(this.#engine, parsed(request, ''), new AbortController().signal)
      return shown(kind === 'readGroups' ? { streams: (answer as { streams: unknown }).streams } : answer)
    } catch (error) {
      if (error instanceof EngineError) return { refused: error.code }
      throw error
    }
  }
}

function open(directory: string, clock: { readonly now: number }): Promise<Engine> {
  const options = { directory, fsync: 'never', maxWaiting: 1, ...TIGHT } as const
  return openEmbeddedEngine({ ...options, now: () => clock.now })
}

/** Members of requests that are ids or lists of ids. */
const IDS = new Set(['id', 'ids', 'from', 'to', 'after', 'minId', 'lastId', 'maxDeletedId'])

/** The request for an engine, with ids and fields converted from their printed form. */
function parsed(value: unknown, name: string): unknown {
  if (name === 'fields') return fieldsJson(value as Record<string, string>)
  if (name === 'idMs') return BigInt(value as string)
  if (typeof value === 'string') return IDS.has(name) && value !== 'last' ? id(value) : value
  if (Array.isArray(value)) return value.map((one) => parsed(one, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, parsed(member, key)]))
}
