import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ask } from './support/http.ts'
import { weirForTest } from './support/weir.ts'

describe('the suites', () => {
  // .ci/on-node sets the variable. Without it, any version passes if all processes have the same one.
  const version = process.env['TEST_NODE'] ?? process.version

  it('run on the requested version of Node', () => {
    expect(process.version).toBe(version)
  })

  it.each([
    ['node', 'node', ['--version']],
    ['their own executable', process.execPath, ['--version']],
    ['npm', 'npm', ['exec', '--offline', '--call', 'node --version']]
  ])('start %s on the same version of Node', (_, program, args) => {
    expect(execFileSync(program, args, { encoding: 'utf8' })).toBe(`${version}\n`)
  })
})

describe('Weir', () => {
  it('uses nothing that this Node deprecates', async () => {
    const weir = await weirForTest({ NODE_OPTIONS: '--pending-deprecation --throw-deprecation' })
    const group = `${weir.url}/v1/streams/orders/groups/billing`
    await ask('PUT', group, { createStream: true })
    await ask('POST', `${weir.url}/v1/streams/orders/entries`, { entries: [{ fields: { item: 'book' } }] })
    const { entries } = await ask('POST', `${group}/read`, { consumer: 'ann' })
    await ask('POST', `${group}/ack`, { ids: entries.map(({ id }: { id: string }) => id) })
    expect(await weir.stop()).toBe(0)
  })
})
