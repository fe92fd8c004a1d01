import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import openapi from '../openapi/openapi.json' with { type: 'json' }
import packageJson from '../package.json' with { type: 'json' }
import { VARIABLES } from '../src/config.ts'
import { PROBLEMS } from '../src/http/problems/problem.ts'
import { LAUNCHER, startWeir, temporaryDirectory, weirForTest } from './support/weir.ts'

/** Its text, with the cells of tables as narrow as they can be. */
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/ +\|/g, ' |')

/** A block of shell commands, and the answer that the README shows below it. */
interface Example {
  readonly commands: string
  readonly answer: unknown
}
const EXAMPLES: Example[] = [...README.matchAll(/^```sh\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?/gms)].map(
  ([, commands = '', answer]) => ({ commands, answer: answer === undefined ? undefined : JSON.parse(answer) })
)
const CURL_EXAMPLES = EXAMPLES.filter(
  ({ commands }) => !/^(npm|docker|bin\/weir|WEIR_\w+=\S+) /.test(commands)
)
const WEIR_EXAMPLES = EXAMPLES.filter(({ commands }) => /^bin\/weir /.test(commands))
const OTHER_COMMANDS = EXAMPLES.filter(({ commands }) => /^(npm|docker) /.test(commands))

describe('the README', () => {
  it('shows commands that work when copied, and the answers that they get', async () => {
    const weir = await weirForTest()
    const mark = '--- next example ---'
    const script = CURL_EXAMPLES.map(({ commands }) => commands).join(`\necho; echo '${mark}'\n`)
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', script.replaceAll('127.0.0.1:7070', `127.0.0.1:${weir.port}`)],
      { cwd: await temporaryDirectory() }
    )
    const answers = stdout.split(mark).map((text) => (text.trim() === '' ? undefined : JSON.parse(text)))
    expect(answers.map(shape)).toEqual(CURL_EXAMPLES.map(({ answer }) => shape(answer)))
    expect(answers.filter((answer) => answer !== undefined).length).toBeGreaterThanOrEqual(4)
  })

  it('shows a command that finds its own data directory sound', async () => {
    const directory = await temporaryDirectory()
    const weir = await startWeir({ WEIR_DATA_DIR: join(directory, 'data') })
    await weir.stop()
    expect(WEIR_EXAMPLES).toHaveLength(1)
    for (const { commands } of WEIR_EXAMPLES) {
      const script = commands.replace('bin/weir', LAUNCHER)
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
        cwd: directory
      })
      expect(stdout).toContain('is sound.')
    }
  })

  it('makes no promise without a test of its name', () => {
    const promises = [...section('What it promises').matchAll(/^\d\. \*\*(.*?)\.\*\*/gm)].map(
      ([, title]) => title
    )
    expect(promises).toHaveLength(7)
    const tests = readFileSync(new URL('./story/promises.test.ts', import.meta.url), 'utf8')
    const names = [...tests.matchAll(/ it(?:\.each\(.*?\))?\('(.*?)(?:: %s)?'/g)].map(([, name]) => name)
    expect(names).toEqual(promises)
  })

  it('names only npm scripts that exist', () => {
    const scripts = [...README.matchAll(/npm (?:run )?(start|test|check|openapi|load|profile|\w+:\w+)/g)].map(
      ([, script]) => script
    )
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(scripts))
    for (const { commands } of OTHER_COMMANDS) {
      expect(commands).toMatch(
        /^(npm ci && npm (start|test)|docker compose (--profile redis )?up( proxy)?)\n$/
      )
    }
  })

  it('lists every operation with its method and path', () => {
    const documented = [...section('Operations').matchAll(/^\| (`\w+`.*?) \| (`.*?`) \| .* \|$/gm)].flatMap(
      ([, names = '', requests = '']) => {
        const paths = quoted(requests)
        return quoted(names).map((name, i) => `${name}: ${paths[i]}`)
      }
    )
    const actual = Object.entries(openapi.paths).flatMap(([path, operations]) =>
      Object.entries(operations as Record<string, { operationId: string }>).map(
        ([method, { operationId }]) => `${operationId}: ${method.toUpperCase()} ${shortened(path)}`
      )
    )
    expect(documented.toSorted()).toEqual(actual.toSorted())
  })

  it('lists every problem with its status', () => {
    const documented = [...section('Problems').matchAll(/^\| (\d+) \| `([\w-]+)` \| .+ \|$/gm)].map(
      ([, status, code]) => `${code} ${status}`
    )
    const actual = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`)
    expect(documented.toSorted()).toEqual(actual.toSorted())
  })

  it('lists every variable as the program knows it', () => {
    const documented = section('Configuration').match(/^\| `WEIR_.*$/gm)
    expect(documented).toEqual(
      Object.values(VARIABLES).map(
        ({ name, expected, meaning, ...variable }) =>
          `| \`${name}\` | \`${variable.default}\` | ${expected} | ${meaning} |`
      )
    )
  })
})

/** What is under a heading, up to the next one. */
function section(title: string): string {
  const [, text] = README.split(new RegExp(`^#+ ${title}$`, 'm'))
  if (text === undefined) throw new Error(`The README has no section "${title}"`)
  return text.split(/^#/m)[0] ?? ''
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`(.*?)`/g)].map(([, inner = '']) => inner)
}

function shortened(path: string): string {
  return path.replace('/v1/streams/{stream}/groups/{group}', 'G').replace('/v1/streams/{stream}', 'S')
}

/** Members whose values differ from run to run. */
const VARIES = /^requestId$|Bytes$/

/** A value with what differs from run to run taken out: ids of entries and of requests, what files take. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, VARIES.test(key) ? typeof member : shape(member)])
    )
  }
  return typeof value === 'string' && /^\d{13}-\d+$/.test(value) ? 'an id of now' : value
}
