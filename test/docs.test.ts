import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import openapi from '../openapi/openapi.json' with { type: 'json' }
import packageJson from '../package.json' with { type: 'json' }
import { VARIABLES } from '../src/config/variables.ts'
import { PROBLEMS } from '../src/http/problems/problem.ts'
import { DOCUMENTS, narrow, read, section, USER_DOCUMENTS } from './support/documents.ts'
import { LAUNCHER, startWeir, temporaryDirectory, weirForTest } from './support/weir.ts'

/** A block of shell commands in a document, and the answer below it. */
interface Example {
  readonly document: string
  readonly commands: string
  readonly answer: unknown
}

const EXAMPLES = USER_DOCUMENTS.flatMap(examplesIn)
/** Examples that start Weir, or build and test it. */
const STARTS = EXAMPLES.filter(({ commands }) => /^(npm|docker|WEIR_\w+=\S+) /.test(commands))
const CHECKS = EXAMPLES.filter(({ commands }) => /^bin\/weir /.test(commands))
/** Examples that use a running Weir. */
const USES = EXAMPLES.filter((example) => !STARTS.includes(example) && !CHECKS.includes(example))

describe('the documents', () => {
  it('show examples where readers expect them', () => {
    expect(documentsOf(USES)).toEqual(
      expect.arrayContaining(['README.md', 'docs/api.md', 'docs/operating.md'])
    )
    expect(USES.filter(({ document }) => document === 'README.md').length).toBeGreaterThanOrEqual(5)
    expect(documentsOf(CHECKS)).toContain('docs/durability.md')
  })

  it.each(documentsOf(USES))('show commands in %s that work when copied, and their answers', async (name) => {
    const weir = await weirForTest()
    const examples = USES.filter(({ document }) => document === name)
    const mark = '--- next example ---'
    const script = examples.map(({ commands }) => commands).join(`\necho; echo '${mark}'\n`)
    const stdout = await bash(script.replaceAll('127.0.0.1:7070', `127.0.0.1:${weir.port}`))
    const answers = stdout.split(mark).map((text) => (text.trim() === '' ? undefined : JSON.parse(text)))
    expect(answers.map(shape)).toEqual(examples.map(({ answer }) => shape(answer)))
  })

  it.each(CHECKS)('show a check in $document that reports a sound directory', async (example) => {
    const directory = await temporaryDirectory()
    const weir = await startWeir({ WEIR_DATA_DIR: join(directory, 'data') })
    await weir.stop()
    const stdout = await bash(example.commands.replace('bin/weir', LAUNCHER), directory)
    expect(stdout).toContain('is sound.')
  })

  it('start Weir only in ways that other tests cover', () => {
    for (const { commands } of STARTS) {
      expect(commands).toMatch(
        /^(npm ci && npm (start|test)|docker compose (--profile redis )?up( proxy)?|WEIR_ENGINE=redis .* npm start)\n$/
      )
    }
  })

  it('name only npm scripts that exist', () => {
    const scripts = DOCUMENTS.flatMap((document) =>
      [...read(document).matchAll(/\bnpm (?:run (?:--silent )?([\w:-]+)|(start|test)\b)/g)].map(
        ([, script, short]) => script ?? short
      )
    )
    expect(scripts.length).toBeGreaterThan(10)
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(scripts))
  })

  it('name only variables that exist', () => {
    const known = [...Object.values(VARIABLES).map(({ name }): string => name), ...variablesOfWorkers()]
    const named = USER_DOCUMENTS.flatMap((document) => read(document).match(/\bWEIR_[A-Z_]*[A-Z]\b/g) ?? [])
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })
})

describe('the README', () => {
  it('has at most 150 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150)
  })

  it('makes only promises that have a test of the same name', () => {
    const promises = [...section('README.md', 'What it promises').matchAll(/^\d\. \*\*(.*?)\.\*\*/gm)].map(
      ([, title]) => title
    )
    expect(promises).toHaveLength(7)
    const tests = read('test/story/promises.test.ts')
    const names = [...tests.matchAll(/ it(?:\.each\(.*?\))?\('(.*?)(?:: %s)?'/g)].map(([, name]) => name)
    expect(names).toEqual(promises)
  })

  it('links to every document for users', () => {
    const pages = USER_DOCUMENTS.filter((document) => /^docs\/[\w-]+\.md$/.test(document))
    expect(pages.filter((page) => !read('README.md').includes(`(${page})`))).toEqual([])
  })
})

describe('docs/api.md', () => {
  it('lists every operation with its method and path', () => {
    const rows = section('docs/api.md', 'Operations').matchAll(/^\| (`\w+`.*?) \| (`.*?`) \| .* \|$/gm)
    const documented = [...rows].flatMap(([, names = '', requests = '']) => {
      const paths = quoted(requests)
      return quoted(names).map((name, i) => `${name}: ${paths[i]}`)
    })
    const actual = Object.entries(openapi.paths).flatMap(([path, operations]) =>
      Object.entries(operations as Record<string, { operationId: string }>).map(
        ([method, { operationId }]) => `${operationId}: ${method.toUpperCase()} ${shortened(path)}`
      )
    )
    expect(documented.toSorted()).toEqual(actual.toSorted())
  })

  it('lists every problem with its status', () => {
    const rows = section('docs/api.md', 'Problems').matchAll(/^\| (\d+) \| `([\w-]+)` \| .+ \|$/gm)
    const documented = [...rows].map(([, status, code]) => `${code} ${status}`)
    const actual = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`)
    expect(documented.toSorted()).toEqual(actual.toSorted())
  })
})

describe('docs/configuration.md', () => {
  it('lists every variable as the program knows it', () => {
    const documented = narrow(read('docs/configuration.md')).match(/^\| `WEIR_.*$/gm) ?? []
    const actual = Object.values(VARIABLES).map(
      ({ name, expected, meaning, ...variable }) =>
        `| \`${name}\` | ${variable.default === '' ? 'empty' : `\`${variable.default}\``} | ${expected} | ${meaning} |`
    )
    expect(documented.toSorted()).toEqual(actual.toSorted())
  })

  it('is what "npm run docs" writes', async () => {
    const generate = ['--import', 'tsx', 'docs/generate.ts', '--check']
    const root = fileURLToPath(new URL('..', import.meta.url))
    await promisify(execFile)(process.execPath, generate, { cwd: root })
  })
})

function examplesIn(document: string): Example[] {
  return [...read(document).matchAll(/^```sh\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?/gms)].map(
    ([, commands = '', answer]) => ({
      document,
      commands,
      answer: answer === undefined ? undefined : JSON.parse(answer)
    })
  )
}

function documentsOf(examples: readonly Example[]): string[] {
  return [...new Set(examples.map(({ document }) => document))]
}

/** Runs a script to its end, in a new directory unless one is given. Rejects if a command of it fails. */
async function bash(script: string, directory?: string): Promise<string> {
  const cwd = directory ?? (await temporaryDirectory())
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd })
  return stdout
}

/** The variables that the workers on generated clients read, according to the table in their page. */
function variablesOfWorkers(): string[] {
  return [...narrow(read('docs/clients.md')).matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name)
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`(.*?)`/g)].map(([, inner = '']) => inner)
}

function shortened(path: string): string {
  return path.replace('/v1/streams/{stream}/groups/{group}', 'G').replace('/v1/streams/{stream}', 'S')
}

/** Members whose values differ from run to run. */
const VARIES = /^requestId$|^idleMs$|^dueInMs$|^ackBeforeMs$|deadAt$|Bytes$/

/** A value with placeholders for what differs from run to run: ids of entries and requests, times, file sizes. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, VARIES.test(key) ? typeof member : shape(member)])
    )
  }
  return typeof value === 'string' && /^\d{13}-\d+$/.test(value) ? 'a current id' : value
}
