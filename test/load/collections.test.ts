import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collectionsTo, parseCollections, readCollections } from '../../load/collections.ts'
import { temporaryDirectory } from '../support/weir.ts'

describe('collections', () => {
  it('are written by a Node that ends, with when they began and how long they took', async () => {
    const file = join(await temporaryDirectory(), 'collections.json')
    const { args, env } = collectionsTo(file)
    // Node hands collections out in a turn of the event loop of their own.
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

  it('are of young objects in both ways that V8 collects these', () => {
    const kinds = parseCollections('[[1000,2,1],[1010,2,2],[1020,9,4],[1030,1,8]]').map(({ kind }) => kind)
    expect(kinds).toEqual(['young', 'young', 'old', 'old'])
  })

  it('are not asked for without a file', () => {
    expect(collectionsTo(undefined)).toEqual({ args: [], env: {} })
  })
})
