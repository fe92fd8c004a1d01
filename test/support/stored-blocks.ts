import { expect, onTestFinished } from 'vitest'
import { entryId } from '../../src/contract/entry-id.ts'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { fieldsJson } from './core.ts'

/*
 * Engines whose streams are in stored blocks, for tests that damage these blocks.
 */

export const ORDERS = { stream: 'orders' }
/** Matches the refusal of a request that needs a damaged entry. */
export const damaged = expect.objectContaining({ code: 'entry-damaged' })

/** An exact trim to this length. */
export function exactly(maxLength: number) {
  return { maxLength, approximate: false }
}

/** The fields of the nth entry. All have the same size. */
export function fieldsFor(n: number): Uint8Array {
  return fieldsJson({ n: `${n}`.padStart(5, '0') })
}

/** The numbers from the first to the last, both inclusive. */
export function upTo(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n)
}

/** Opens an engine without automatic checkpoints. It is closed when the test is over. */
export async function open(directory: string): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({
    directory,
    fsync: 'never',
    maxWaiting: 10,
    now: () => 1_000_000,
    everyMs: 1 << 30
  })
  onTestFinished(() => engine.close())
  return engine
}

/** Closes an engine, which writes its stream to blocks, and opens its directory again. */
export async function reopened(directory: string, engine: EmbeddedEngine): Promise<EmbeddedEngine> {
  await engine.close()
  return open(directory)
}

/** Appends entries with the ids `from`-0, `from` + 1-0 and so on, and trims the stream to `maxLength`. */
export async function append(
  engine: EmbeddedEngine,
  from: number,
  count: number,
  maxLength?: number
): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => ({
    id: entryId(from + n, 0),
    fields: fieldsFor(from + n)
  }))
  const trim = maxLength === undefined ? {} : { trim: exactly(maxLength) }
  await engine.appendEntries({ ...ORDERS, createStream: true, entries, ...trim })
}
