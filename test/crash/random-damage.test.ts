import { cp } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EntryId, entryId } from '../../src/contract/entry-id.ts'
import { checkDirectory } from '../../src/embedded/check.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { flipBits } from '../support/flip-bits.ts'
import {
  append,
  damaged,
  exactly,
  fieldsFor,
  ORDERS,
  open,
  reopened,
  upTo
} from '../support/stored-blocks.ts'
import { temporaryMemory } from '../support/weir.ts'

describe('random bit flips in stored blocks', () => {
  const flip = fc.record({ nth: fc.nat(3), at: fc.nat(), near: fc.constantFrom(50, 3000, 20_000) })
  const trimming = fc.record({
    is: fc.constant('trim' as const),
    maxLength: fc.integer({ min: 0, max: 500 })
  })
  const trimmingById = fc.record({
    is: fc.constant('trimById' as const),
    minId: fc.integer({ min: 1, max: 600 })
  })
  const deleting = fc.record({
    is: fc.constant('delete' as const),
    ids: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 })
  })
  const restarting = fc.record({ is: fc.constant('restart' as const) })

  it('leave each entry unchanged or reported as damaged, and all counts correct', {
    timeout: 180_000
  }, async () => {
    const base = await temporaryMemory()
    const first = await open(base)
    await append(first, 1, 500)
    await first.close()
    await fc.assert(
      fc.asyncProperty(
        fc.array(flip, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(trimming, trimmingById, deleting, restarting), { maxLength: 6 }),
        async (flips, steps) => {
          const directory = await temporaryMemory()
          await cp(base, directory, { recursive: true })
          for (const { nth, at, near } of flips) {
            await flipBits(directory, nth, (value) => at % Math.min(near, value.length)).catch(
              () => undefined
            )
          }
          let engine = await open(directory)
          let left = upTo(1, 500)
          for (const step of steps) {
            if (step.is === 'restart') engine = await reopened(directory, engine)
            else left = await perform(engine, step, left)
            const { length, sizeBytes } = await engine.getStream(ORDERS)
            expect({ length, sizeBytes }).toEqual({
              length: left.length,
              sizeBytes: left.reduce((sum, n) => sum + fieldsFor(n).length, 0)
            })
          }
          for (const n of [...left.slice(0, 40), ...left.slice(-40)]) {
            const entry = await engine.getEntry({ ...ORDERS, id: entryId(n, 0) }).catch((error) => error.code)
            expect(['entry-damaged', `${fieldsFor(n)}`]).toContain(
              entry.fields === undefined ? entry : `${entry.fields}`
            )
          }
          await engine.trimStream({ ...ORDERS, trim: exactly(0) })
          await engine.close()
          expect(await checkDirectory(directory)).toMatchObject({ entries: 0, blocks: 0 })
        }
      ),
      { numRuns: 40, endOnFailure: true }
    )
  })

  type Step =
    | { is: 'trim'; maxLength: number }
    | { is: 'trimById'; minId: number }
    | { is: 'delete'; ids: number[] }

  /** Performs a step. Returns the numbers of the entries that are left. */
  async function perform(engine: EmbeddedEngine, step: Step, left: number[]): Promise<number[]> {
    if (step.is === 'delete') {
      const ids: EntryId[] = step.ids.map((n) => entryId(n, 0))
      try {
        const { notFound } = await engine.deleteEntries({ ...ORDERS, ids })
        expect(notFound.map((id) => left.includes(Number(id >> 64n)))).not.toContain(true)
        return left.filter((n) => !step.ids.includes(n))
      } catch (error) {
        expect(error).toEqual(damaged)
        return left
      }
    }
    const trim = step.is === 'trim' ? { maxLength: step.maxLength } : { minId: entryId(step.minId, 0) }
    const count = await engine.trimStream({ ...ORDERS, trim: { ...trim, approximate: false } })
    const requested =
      step.is === 'trim' ? left.length - step.maxLength : left.filter((n) => n < step.minId).length
    expect(count).toBeLessThanOrEqual(Math.max(0, requested))
    return left.slice(count)
  }
})
