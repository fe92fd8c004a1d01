import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { selfSizes, selfTimes } from '../../load/profile-reader.ts'
import { temporaryDirectory } from '../support/weir.ts'

const frame = (functionName: string, url = '', lineNumber = -1) => ({ functionName, url, lineNumber })

describe('a summary of profiles', () => {
  it('adds up the self time of a function in all profiles', async () => {
    const directory = await temporaryDirectory()
    const nodes = [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('append', new URL('../../src/engine.ts', import.meta.url).href, 9) }
    ]
    const profile = { nodes, samples: [2, 1, 2], timeDeltas: [100, 50, 200] }
    await writeFile(join(directory, 'a.cpuprofile'), JSON.stringify(profile))
    await writeFile(
      join(directory, 'b.cpuprofile'),
      JSON.stringify({ ...profile, samples: [2], timeDeltas: [7] })
    )
    expect(await selfTimes(directory)).toEqual([
      { name: 'append src/engine.ts:10', amount: 307 },
      { name: '(idle)', amount: 50 }
    ])
  })

  it('adds up what a function allocated itself', async () => {
    const directory = await temporaryDirectory()
    const leaf = { callFrame: frame('entry'), selfSize: 30, children: [] }
    const head = { callFrame: frame('(root)'), selfSize: 0, children: [leaf, { ...leaf, selfSize: 12 }] }
    await writeFile(join(directory, 'a.heapprofile'), JSON.stringify({ head }))
    expect(await selfSizes(directory)).toEqual([
      { name: 'entry', amount: 42 },
      { name: '(root)', amount: 0 }
    ])
  })
})
