import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openEmbeddedEngine } from '../src/embedded/engine.ts'
import { openApi31 } from '../src/http/pages/document.ts'
import { buildServer } from '../src/http/server.ts'
import { createMetrics } from '../src/metrics.ts'

const HELP = `Writes openapi/openapi.json (3.0.3) and openapi/openapi-3.1.json from the routes of the server.

  tsx openapi/generate.ts            writes both
  tsx openapi/generate.ts --check    writes nothing; fails when either is stale, and says where
`

/** The limits that the committed documents state: those of a server that nothing was configured for. */
const LIMITS = { bodyLimitBytes: 8 * 1024 * 1024, maxWaitMs: 60_000 }

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const asked = args.join(' ')
  if (asked === '--help') {
    process.stdout.write(HELP)
    return 0
  }
  if (asked !== '' && asked !== '--check') {
    process.stderr.write(`unknown arguments: ${asked}\n\n${HELP}`)
    return 2
  }
  const documents = await generate()
  let stale = 0
  for (const [name, document] of Object.entries(documents)) {
    const path = fileURLToPath(new URL(name, import.meta.url))
    const text = `${JSON.stringify(document, null, 2)}\n`
    if (asked === '') await writeFile(path, text)
    else if (!(await isFresh(path, text))) stale++
  }
  return stale === 0 ? 0 : 1
}

/** Builds the server as it runs, on an engine in a directory that is thrown away. */
async function generate(): Promise<Record<string, object>> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-openapi-'))
  const engine = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 1 })
  try {
    const app = await buildServer({ engine, metrics: createMetrics(), logger: false, ...LIMITS })
    await app.ready()
    const documents = { 'openapi.json': app.swagger(), 'openapi-3.1.json': openApi31(app) }
    await app.close()
    return documents
  } finally {
    await engine.close()
    await rm(directory, { recursive: true })
  }
}

/** How many differing lines are shown. */
const MAX_SHOWN = 10

async function isFresh(path: string, text: string): Promise<boolean> {
  const committed = await readFile(path, 'utf8').catch(() => '')
  if (committed === text) return true
  const before = new Set(committed.split('\n'))
  const after = new Set(text.split('\n'))
  const changes = [
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`)
  ]
  console.error(`${path} is stale: run "npm run openapi" and commit what it writes.`)
  for (const change of changes.slice(0, MAX_SHOWN)) console.error(`  ${change}`)
  if (changes.length > MAX_SHOWN) console.error(`  … and ${changes.length - MAX_SHOWN} more lines`)
  return false
}
