import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HELP, type Options, readOptions } from '../../load/options.ts'
import { SCENARIOS } from '../../load/scenarios/all.ts'
import { section } from '../support/documents.ts'

function read(...args: string[]): Options {
  const options = readOptions(args)
  if (options === 'help') throw new Error('The options request the help text')
  return options
}

/** The options, with the names of the scenarios in place of the scenarios. */
function described({ scenarios, ...others }: Options) {
  return { ...others, scenarios: scenarios.map(({ name }) => name) }
}

describe('the options of a run', () => {
  it('select every scenario by default, each with its own number of runs', () => {
    expect(described(read())).toEqual({
      scenarios: SCENARIOS.map(({ name }) => name),
      rate: 10_000,
      isQuick: false,
      engine: 'embedded',
      nodes: [process.execPath]
    })
  })

  it('select every scenario with --quick, in a short version', () => {
    expect(described(read('--quick'))).toEqual({ ...described(read()), isQuick: true })
  })

  it('set the number of runs, of seconds and of appends per second', () => {
    expect(read('--runs', '5', '--seconds', '2', '--rate', '3000')).toMatchObject({
      runs: 5,
      seconds: 2,
      rate: 3000
    })
  })

  it('show another rate in the rows, which then have no targets in milliseconds', () => {
    const rowsAt = (...args: string[]) => {
      const [scenario] = read('--only', 'paced', ...args).scenarios
      return Object.values(scenario?.rows ?? {})
    }
    const question = (rate: string) => `L4 append to delivery at ${rate} a second, on disk: p50, ms`
    expect(rowsAt()[0]?.question).toBe(question('10,000'))
    expect(rowsAt('--rate', '3000')[0]?.question).toBe(question('3,000'))
    expect(rowsAt().filter(({ value }) => value !== undefined)).not.toEqual([])
    expect(rowsAt('--rate', '3000').filter(({ value }) => value !== undefined)).toEqual([])
    expect(rowsAt('--rate', '3000').filter(({ ratio }) => ratio !== undefined)).not.toEqual([])
  })

  it('accept up to two Nodes, by their paths', () => {
    expect(read('--node', 'a/node', '--node', '/b/node').nodes).toEqual([resolve('a/node'), '/b/node'])
    expect(() => readOptions(['--node', 'a', '--node', 'b', '--node', 'c'])).toThrow()
  })

  it('select scenarios by name, in one option with commas or in several options', () => {
    for (const args of [
      ['--only', 'paced,appends'],
      ['--only', 'paced', '--only', 'appends']
    ])
      expect(read(...args).scenarios.map(({ name }) => name)).toEqual(['appends', 'paced'])
  })

  it.each(['--only nothing', '--runs 0', '--rate 0', '--seconds 1.5', '--engine other', '--fast'])(
    'refuse %s',
    (args) => {
      expect(() => readOptions(args.split(' '))).toThrow()
    }
  )

  it('request a help text, which names every scenario', () => {
    expect(readOptions(['--help'])).toBe('help')
    for (const { name, about } of SCENARIOS) expect(HELP).toContain(`${name.padEnd(12)} ${about}`)
  })

  it('select from the scenarios that docs/performance.md lists', () => {
    const listed = [...section('docs/performance.md', 'Scenarios').matchAll(/^\| `([\w-]+)` +\|/gm)].map(
      ([, name]) => name
    )
    expect(listed).toEqual(SCENARIOS.map(({ name }) => name))
  })
})
