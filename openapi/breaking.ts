import { spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const HELP = `Compares openapi/openapi.json with openapi/baseline.json, the document of the last release.

  tsx openapi/breaking.ts            fails on a change that would break a client, and lists all of them
  tsx openapi/breaking.ts --accept   makes the document the new baseline

Accept a breaking change only together with an entry in CHANGELOG.md that says what clients must do. oasdiff compares
(https://www.oasdiff.com). Go runs it. Some changes that leave requests and answers valid also count as breaking, because
they change names in generated clients: openapi/breaking-levels.txt lists them.
`

const OASDIFF = 'github.com/oasdiff/oasdiff@v1.38.0'

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

process.exitCode = run(process.argv.slice(2))

function run(args: readonly string[]): number {
  const options = {
    help: { type: 'boolean' },
    accept: { type: 'boolean' },
    // For the test of this program.
    document: { type: 'string', default: file('openapi.json') }
  } as const
  let values: { help?: boolean; accept?: boolean; document: string }
  try {
    values = parseArgs({ args: [...args], options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
    return 2
  }
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (values.accept) {
    copyFileSync(values.document, file('baseline.json'))
    return 0
  }
  return compare(values.document)
}

function compare(document: string): number {
  const flags = ['--fail-on', 'ERR', '--severity-levels', file('breaking-levels.txt')]
  const { status, error } = spawnSync(
    'go',
    ['run', OASDIFF, 'breaking', file('baseline.json'), document, ...flags],
    { stdio: 'inherit', timeout: 10 * 60_000 }
  )
  if (error === undefined) return status ?? 1
  const isMissing = 'code' in error && error.code === 'ENOENT'
  process.stderr.write(
    `${isMissing ? 'Go is not on the PATH. Install it: https://go.dev/dl' : error.message}\n`
  )
  return 1
}
