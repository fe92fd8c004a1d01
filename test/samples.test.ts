import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import document from '../openapi/openapi.json' with { type: 'json' }
import type { OpenApi } from '../src/docs/openapi/document.ts'
import { tagsOf } from '../src/docs/openapi/operations.ts'
import { LANGUAGES, type Language } from '../src/docs/samples/samples.ts'
import { type ApiRequest, buildRequest, exampleInput } from '../src/docs/try/api-request.ts'
import { EXAMPLE_STAGES, makeExampleData } from './support/example-data.ts'
import { serverForTest } from './support/server.ts'
import { temporaryDirectory } from './support/weir.ts'

const OPENAPI = document as unknown as OpenApi
const OPERATIONS = tagsOf(OPENAPI).flatMap(({ operations }) => operations)
const TSX = new URL('../node_modules/.bin/tsx', import.meta.url).pathname
const TSC = new URL('../node_modules/.bin/tsc', import.meta.url).pathname

/** How a sample is run: the name of its file, and the command. */
const RUNS: Record<Language, readonly [file: string, command: readonly string[]]> = {
  curl: ['sample.sh', ['sh']],
  TypeScript: ['sample.mts', [TSX]],
  Python: ['sample.py', ['python3']],
  Go: ['sample.go', ['go', 'run']],
  Java: ['Example.java', ['java']]
}
const NAMES = Object.keys(LANGUAGES) as Language[]

// In CI, a suite fails instead of being skipped.
const isMissing = (language: Language) => !process.env['CI'] && !isInstalled(RUNS[language][1][0] ?? '')
for (const name of NAMES.filter(isMissing))
  console.warn(`Skipped: samples in ${name}, which is not installed.`)

/** A text that every language would change if it did not escape it. */
const ODD_TEXT = 'back\\slash `tick` $'.concat('{x} $HOME %s\n\ttab\u0001 é 📦 """')

const POST: ApiRequest = {
  method: 'POST',
  url: '/v1/streams/a%2Fb%27c/entries?x=%24HOME',
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ fields: { 'it\'s "quoted"': ODD_TEXT } }, null, 2),
  hasToken: true,
  answer: 'json',
  waitMs: 1000
}
const NESTED = {
  __proto__x: true,
  n: [1, -2.5, null, [], {}],
  long: ['x'.repeat(70), 'y'],
  deep: { a: { b: false } }
}

/** Requests with everything that a language could get wrong. */
const REQUESTS: Record<string, ApiRequest> = {
  'a body with quotes, escapes and other alphabets': POST,
  'a body of every type': { ...POST, body: JSON.stringify(NESTED, null, 2), waitMs: 0 },
  'a body with a number that is too long for JavaScript': { ...POST, body: '{"n": 12345678901234567890}' },
  'a body on one line': { ...POST, body: '{"ids": ["1-0"]}', hasToken: false },
  'a body that is not JSON': { ...POST, body: `{"a": 'b`, answer: 'text' },
  'no body, but a header': { ...POST, body: undefined, method: 'PUT', headers: [['if-match', '"a\\b"']] },
  'nothing but a URL': { ...POST, body: undefined, method: 'GET', headers: [], hasToken: false, waitMs: 0 }
}

describe.each(NAMES)('samples in %s', (language) => {
  it.skipIf(isMissing(language)).each(Object.entries(REQUESTS))(
    'send exactly the request: %s',
    async (_, request) => {
      const server = await echo()
      const whole = { ...request, url: server.url + request.url }
      const { stdout } = await run(language, whole)
      expect(stdout).toContain('answered')
      const { method, url, headers, body } = server.received[0] ?? {}
      expect(server.received).toHaveLength(1)
      expect({ method, url }).toEqual({ method: request.method, url: request.url })
      expect(headers).toMatchObject(Object.fromEntries(request.headers))
      expect(headers?.['authorization']).toBe(request.hasToken ? 'Bearer weir_secret' : undefined)
      expect(canonical(body ?? '')).toEqual(canonical(request.body ?? ''))
    }
  )

  it.skipIf(isMissing(language))('print the events of a stream as they arrive', async () => {
    const { app, send } = await serverForTest()
    const root = await app.listen({ host: '127.0.0.1', port: 0 })
    await send('POST', '/v1/streams/orders/entries', { entries: [{ fields: { order: '1001' } }] })
    const tail = OPERATIONS.find(({ id }) => id === 'tailEntries')
    if (tail === undefined) throw new Error('The document has no tail')
    const request = buildRequest(tail, exampleInput(OPENAPI, tail), `${root}/`, false)
    const [file, [program = '', ...args]] = RUNS[language]
    const path = join(await temporaryDirectory(), file)
    await writeFile(path, LANGUAGES[language](request))
    const child = execFile(program, [...args, path], { env: environment() })
    onTestFinished(() => void child.kill('SIGKILL'))
    let printed = ''
    let isAppended = false
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The sample ended with ${code}: ${printed}`)))
      const take = (chunk: string) => {
        printed += chunk
        if (printed.includes('1002')) resolve()
        // The first event was printed while the stream is open, so the second one can be appended.
        else if (printed.includes('1001') && !isAppended) {
          isAppended = true
          void send('POST', '/v1/streams/orders/entries', { entries: [{ fields: { order: '1002' } }] })
        }
      }
      child.stdout?.on('data', take)
      child.stderr?.on('data', (chunk: string) => {
        printed += chunk
      })
    })
    child.removeAllListeners('exit')
    // `go run` does not forward the signal: its program ends with its connection.
    child.kill('SIGKILL')
    app.server.closeAllConnections()
  })
})

describe('samples of all operations', () => {
  it('in curl succeed on a server with the data of the examples', async () => {
    expect(OPERATIONS.length).toBeGreaterThan(30)
    for (const operation of OPERATIONS.filter(({ id }) => id !== 'tailEntries')) {
      const server = await serverForTest()
      await makeExampleData(server, EXAMPLE_STAGES[operation.id])
      const root = await server.app.listen({ host: '127.0.0.1', port: 0 })
      const request = buildRequest(operation, exampleInput(OPENAPI, operation), `${root}/`, false)
      const command = LANGUAGES.curl(request).replace(/^curl /, "curl -s -w '\\n%{http_code}' ")
      const { stdout } = await promisify(execFile)('sh', ['-c', command])
      expect({ id: operation.id, stdout }).toMatchObject({ stdout: expect.stringMatching(/\n20[01]$/) })
    }
  })

  it('in TypeScript have correct types', async () => {
    const directory = await temporaryDirectory()
    for (const operation of OPERATIONS) {
      const request = buildRequest(
        operation,
        exampleInput(OPENAPI, operation),
        'http://127.0.0.1:7070/',
        true
      )
      await writeFile(join(directory, `${operation.id}.mts`), LANGUAGES.TypeScript(request))
    }
    const types = new URL('../node_modules/@types', import.meta.url).pathname
    const options = {
      target: 'es2023',
      module: 'nodenext',
      types: ['node'],
      typeRoots: [types],
      noEmit: true,
      strict: true
    }
    await writeFile(
      join(directory, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true } })
    )
    await promisify(execFile)(TSC, ['-p', directory]).catch(({ stdout }) => {
      throw new Error(stdout)
    })
  })
})

/** Runs the sample of a request until it ends. */
async function run(language: Language, request: ApiRequest): Promise<{ stdout: string }> {
  const [file, [program = '', ...args]] = RUNS[language]
  const path = join(await temporaryDirectory(), file)
  await writeFile(path, LANGUAGES[language](request))
  return promisify(execFile)(program, [...args, path], { env: environment() })
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, WEIR_TOKEN: 'weir_secret', HOME: process.env['HOME'] ?? '/' }
}

interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A server that answers everything, and keeps what it received. */
async function echo(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    void text(request).then((body) => {
      received.push({ method, url, headers, body })
      response.setHeader('content-type', 'application/json').end('{"state":"answered"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

/** The meaning of a body: its value, and the digits of its numbers. */
function canonical(body: string): unknown {
  try {
    return { value: JSON.parse(body), digits: body.match(/\d{16,}/g) }
  } catch {
    return body
  }
}

function isInstalled(program: string): boolean {
  if (program.includes('/')) return existsSync(program)
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}
