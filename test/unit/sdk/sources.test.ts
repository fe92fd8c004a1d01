import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { warningsIn } from '../../../openapi/sdk/generators.ts'
import { faultsOfNames } from '../../../openapi/sdk/names.ts'
import { readOptions } from '../../../openapi/sdk/options.ts'
import { sourcesIn } from '../../../openapi/sdk/sources.ts'
import { tableOf } from '../../../openapi/sdk/table.ts'
import { temporaryDirectory } from '../../support/weir.ts'

describe('generated sources', () => {
  it.each([
    ['Weir.cs', 'namespace Weir\n{\n    public partial class Problem : Base\n    {\n    }\n}\n', 'Problem'],
    ['weir.go', 'package weir\n\ntype Problem struct {\n}\n', 'Problem'],
    [
      'Problem.java',
      'package weir;\n\npublic class Problem {\n  public enum Kind { A }\n}\n',
      'Problem Kind'
    ],
    ['Problem.kt', 'data class Problem (\n)\n', 'Problem'],
    ['Problem.php', 'class Problem implements JsonSerializable\n{\n}\n', 'Problem'],
    ['problem.py', 'class Problem(BaseModel):\n    pass\n', 'Problem'],
    ['problem.rb', 'module Weir\n  class Problem\n  end\nend\n', 'Problem'],
    ['problem.rs', 'pub struct Problem {\n}\npub enum Kind {\n}\n', 'Problem Kind'],
    ['api.d.ts', "export type Problem = components['schemas']['Problem'];\n", 'Problem']
  ])('are counted in %s', async (file, text, types) => {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'models'))
    await writeFile(join(directory, 'models', file), text)
    await writeFile(join(directory, 'README.md'), '# Not a source\n')
    expect(sourcesIn(directory)).toEqual({ lines: text.split('\n').length - 1, types: types.split(' ') })
  })

  it('are none in a directory that was not written', async () => {
    expect(sourcesIn(join(await temporaryDirectory(), 'missing'))).toEqual({ lines: 0, types: [] })
  })
})

describe('the names of types', () => {
  it.each([
    'InlineObject',
    'Problem1',
    'FirstEntryType0',
    'ApplicationproblemJSON404',
    'GetStream200ResponseInner'
  ])('are refused if a generator made them up: %s', (name) => {
    expect(faultsOfNames('go', ['Problem', name])).toEqual([expect.stringContaining(name)])
  })
})

describe('warnings of a generator', () => {
  it('are its lines that say so', () => {
    const output =
      '[main] INFO  o.o.c.DefaultGenerator - fine\n[main] WARN  o.o.c.DefaultCodegen - not fine\n'
    expect(warningsIn('openapi-generator', output)).toEqual({
      avoidable: ['[main] WARN  o.o.c.DefaultCodegen - not fine'],
      unavoidable: 0
    })
  })

  it('are found in the output of Maven, and known ones count apart', () => {
    const output =
      '[INFO] fine\n[WARNING] not fine\n[WARNING] Ignoring complex example on request body\n[INFO] BUILD SUCCESS\n'
    expect(warningsIn('openapi-generator', output)).toEqual({
      avoidable: ['[WARNING] not fine'],
      unavoidable: 1
    })
  })
})

describe('the arguments', () => {
  it('choose languages in the order of the table, and pass others to vitest', () => {
    expect(readOptions(['--run-only', '--only', 'rust,go', '--reporter=json'])).toEqual({
      names: ['go', 'rust'],
      makes: false,
      builds: false,
      runs: true,
      vitest: ['--reporter=json']
    })
  })

  it('are refused if a language is unknown', () => {
    expect(() => readOptions(['--only', 'go,cobol'])).toThrow('Unknown language: cobol')
  })
})

describe('the table', () => {
  it('has a row for each language, with what its worker did', () => {
    const made = { lines: 1234, types: 56, warnings: 0, failures: [] }
    const table = tableOf(
      [
        { language: 'go', ...made, isCompiled: true },
        { language: 'kotlin', ...made, isCompiled: false },
        { language: 'ruby', ...made, isCompiled: false, failures: ['its client was not generated'] }
      ],
      { runs: { go: { passed: 50, failed: 1 } }, story: { go: { entries: 99, held: 7, takenOver: 7 } } }
    )
    const cells = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
    expect(cells[2]?.slice(1, -1)).toEqual([
      ...['Go', 'oapi-codegen', '1,234', '56', '0', 'yes', '50 of 51 tests', '99', '7 of 7 held']
    ])
    expect(cells[3]?.[6]).toBe('names checked')
    expect(cells[4]?.[6]).toBe('no')
  })
})
