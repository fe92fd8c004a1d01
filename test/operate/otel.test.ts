import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { call, until } from '../support/http.ts'
import { startWeir, temporaryDirectory } from '../support/weir.ts'

const OTEL = new URL('../../operate/otel.js', import.meta.url)
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

interface Span {
  readonly name: string
  readonly traceId: string
  readonly parentSpanId?: string
  readonly attributes: readonly { key: string; value: object }[]
}

/** Installs the packages that the file names in a directory of their own. */
async function installed(): Promise<string> {
  const packages = readFileSync(OTEL, 'utf8').match(/@opentelemetry\/[\w-]+@[\d.]+/g) ?? []
  const directory = await temporaryDirectory()
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--prefix', directory, ...packages])
  return directory
}

/** Starts a collector. `spans` contains what it has received. */
async function collector(): Promise<{ url: string; spans: Span[] }> {
  const spans: Span[] = []
  const server = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
    }
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans }
}

// Installs packages with npm, so it runs only in CI.
describe.skipIf(!process.env['CI'])('Weir with the OpenTelemetry SDK preloaded', () => {
  it('reports each operation as a span with its name, in the trace of the client', async () => {
    const { url, spans } = await collector()
    const environment = {
      WEIR_DATA_DIR: await temporaryDirectory(),
      NODE_OPTIONS: `--import ${OTEL}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '50'
    }
    const weir = await startWeir(environment, ['env', '-C', await installed()])
    onTestFinished(async () => {
      await weir.stop('SIGKILL')
    })
    const traceparent = `00-${TRACE}-${PARENT}-01`
    const { headers } = await fetch(`${weir.url}/v1/streams`, { headers: { traceparent } })
    const entries = [{ fields: { order: '1001' } }]
    expect((await call('POST', `${weir.url}/v1/streams/orders/entries`, { entries })).status).toBe(201)
    await until(async () => spans.length === 2)
    expect(spans.map(({ name }) => name)).toEqual(['listStreams', 'appendEntries'])
    expect(spans[0]).toMatchObject({ traceId: TRACE, parentSpanId: PARENT })
    expect(spans[0]?.attributes).toContainEqual({
      key: 'weir.request_id',
      value: { stringValue: headers.get('x-request-id') }
    })
  })
})
