import { readFile } from 'node:fs/promises'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { runGenerator } from './generated-files.ts'

const HELP = `Writes src/console/api/generated.ts, the API's types for the console, from openapi/openapi.json.

  tsx build/console-types.ts            writes it
  tsx build/console-types.ts --check    writes nothing; fails if it is stale
`

const DOCUMENT = new URL('../openapi/openapi.json', import.meta.url)
const GENERATED = new URL('../src/console/api/generated.ts', import.meta.url)

const HEADER = '// Written by "npm run console-types" from openapi/openapi.json. Do not edit.\n\n'

process.exitCode = await runGenerator(
  { help: HELP, command: 'npm run console-types', generate: async () => [[GENERATED, await generated()]] },
  process.argv.slice(2)
)

async function generated(): Promise<string> {
  const document: OpenAPI3 = JSON.parse(await readFile(DOCUMENT, 'utf8'))
  const types = await openapiTS(document, {
    immutable: true,
    // A member with a default may be left out of a request.
    defaultNonNullable: false
  })
  return HEADER + astToString(types)
}
