import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runGenerator } from '../build/generated-files.ts'
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

process.exitCode = await runGenerator(
  { help: HELP, command: 'npm run openapi', generate },
  process.argv.slice(2)
)

/** Builds the server as it runs, on an engine in a directory that is thrown away. */
async function generate(): Promise<[URL, string][]> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-openapi-'))
  const engine = await openEmbeddedEngine({ directory, fsync: 'never', maxWaiting: 1 })
  try {
    const app = await buildServer({ engine, metrics: createMetrics(), logger: false, ...LIMITS })
    await app.ready()
    const documents = { 'openapi.json': app.swagger(), 'openapi-3.1.json': openApi31(app) }
    await app.close()
    return Object.entries(documents).map(([name, document]) => [
      new URL(name, import.meta.url),
      `${JSON.stringify(document, null, 2)}\n`
    ])
  } finally {
    await engine.close()
    await rm(directory, { recursive: true })
  }
}
