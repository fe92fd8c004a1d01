import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectionsTo, parseCollections, readCollections } from '../../load/collections.ts'
import { temporaryDirectory } from '../support/weir.ts'

describe('garbage collections', () => {
  it('are written to a file when Node exits, with their start and duration', async () => {
    const file = join(await temporaryDirectory(), 'collections.json')
    const { args, env } = collectionsTo(file)
    // Node reports collections in a later turn of the event loop.
    const code = `gc(); gc({ type: 'minor' }); setTimeout(() => process.exit(), 100)`
    const before = Date.now()
    execFileSync(process.execPath, ['--expose-gc', ...args, '-e', code], { env: { ...process.env, ...env } })
    const found = await readCollections(file)
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['old', 'young']))
    for (const { at, tookMs } of found) {
      expect(at).toBeGreaterThan(before - 1000)
      expect(at).toBeLessThan(Date.now())
      expect(tookMs).toBeGreaterThan(0)
    }
  })

  it('count as young for both of the ways in which V8 collects young objects', () => {
    const kinds = parseCollections('[[1000,2,1],[1010,2,2],[1020,9,4],[1030,1,8]]').map(({ kind }) => kind)
    expect(kinds).toEqual(['young', 'young', 'old', 'old'])
  })

  it('are not recorded without a file', () => {
    expect(collectionsTo(undefined)).toEqual({ args: [], env: {} })
  })
})
