import { readdirSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEmbeddedEngine } from '../../src/embedded/engine.ts'
import type { EmbeddedEngine } from '../../src/embedded/options.ts'
import { fieldsJson } from '../support/core.ts'
import { temporaryDirectory } from '../support/weir.ts'

const ORDERS = { stream: 'orders' }
const KIB = 1024

/** Appends about a megabyte and trims to the last hundredth of it, like a producer that limits its stream. */
async function turnOver(engine: EmbeddedEngine): Promise<void> {
  for (let batch = 0; batch < 20; batch++) {
    const entries = Array.from({ length: 100 }, () => ({ fields: fieldsJson({ padding: 'x'.repeat(500) }) }))
    const trim = { maxLength: 20, approximate: false }
    await engine.appendEntries({ ...ORDERS, createStream: true, entries, trim })
  }
}

/** Files may be renamed or deleted while the others are measured. */
function journalBytes(directory: string): number {
  return readdirSync(join(directory, 'journal'))
    .map((name) => statSync(join(directory, 'journal', name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}

describe('disk space', () => {
  it('of trimmed entries is used again, and the journal stays short while checkpoints succeed', async () => {
    const directory = await temporaryDirectory()
    let checkpoints = 0
    const engine = await openEmbeddedEngine({
      directory,
      fsync: 'never',
      maxWaiting: 1,
      segmentBytes: 256 * KIB,
      reserveBytes: 16 * KIB,
      everyBytes: 256 * KIB,
      everyMs: 3_600_000,
      onCheckpoint: ({ error }) => {
        if (error !== undefined) throw error
        checkpoints++
      }
    })
    onTestFinished(() => engine.close())
    const storeBytes = async () => (await stat(join(directory, 'store.mdb'))).size
    for (let round = 0; round < 5; round++) await turnOver(engine)
    const before = await storeBytes()
    for (let round = 0; round < 20; round++) await turnOver(engine)
    expect(checkpoints).toBeGreaterThan(20)
    expect(await storeBytes()).toBeLessThanOrEqual(2 * before)
    // 25 MB were written to it.
    expect(journalBytes(directory)).toBeLessThan(2048 * KIB)
  })
})
