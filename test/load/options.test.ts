import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HELP, type Options, readOptions } from '../../load/options.ts'
import { SCENARIOS } from '../../load/scenarios.ts'

function read(...args: string[]): Options {
  const options = readOptions(args)
  if (options === 'help') throw new Error('It asks for help')
  return options
}

describe('the options of a run', () => {
  it('ask for everything three times when nothing is said', () => {
    expect(read()).toEqual({ scenarios: SCENARIOS, runs: 3, isQuick: false, engine: 'embedded' })
  })

  it('ask for everything once with --quick', () => {
    expect(read('--quick')).toEqual({ scenarios: SCENARIOS, runs: 1, isQuick: true, engine: 'embedded' })
  })

  it('choose scenarios by names with commas or one by one', () => {
    for (const args of [
      ['--only', 'paced,appends'],
      ['--only', 'paced', '--only', 'appends']
    ])
      expect(read(...args).scenarios.map(({ name }) => name)).toEqual(['appends', 'paced'])
  })

  it.each([['--only', 'nothing'], ['--runs', '0'], ['--seconds', '1.5'], ['--engine', 'other'], ['--fast']])(
    'refuse %s %s',
    (...args) => {
      expect(() => readOptions(args)).toThrow()
    }
  )

  it('ask for help, which names every scenario', () => {
    expect(readOptions(['--help'])).toBe('help')
    for (const { name, about } of SCENARIOS) expect(HELP).toContain(`${name.padEnd(12)} ${about}`)
  })

  it('are scenarios that the README lists', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const [, section = ''] = readme.split('## How fast it is')
    const listed = [...section.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name)
    expect(listed).toEqual(SCENARIOS.map(({ name }) => name))
  })
})
