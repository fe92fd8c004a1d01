// Records each request to Weir as a span, named after its operation. Preload it, with three packages that
// Weir itself does not need:
//
//   npm install --no-save @opentelemetry/api@1.10.0 @opentelemetry/sdk-node@0.301.0 \
//     @opentelemetry/instrumentation-http@0.301.0
//   OTEL_SERVICE_NAME=weir OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 \
//     NODE_OPTIONS="--import ./operate/otel.js" bin/weir
import { subscribe } from 'node:diagnostics_channel'
import { createRequire } from 'node:module'

// The SDK patches modules when they are required. It is resolved from the directory in which Weir was
// started.
const require = createRequire(`${process.cwd()}/`)
const { trace } = require('@opentelemetry/api')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { NodeSDK } = require('@opentelemetry/sdk-node')

const isProbe = ({ url }) => url === '/livez' || url === '/readyz' || url === '/metrics'
const http = new HttpInstrumentation({ ignoreIncomingRequestHook: isProbe })
const sdk = new NodeSDK({ instrumentations: [http] })
sdk.start()
// The span covers the HTTP request, and Fastify reports which route handles it.
subscribe('tracing:fastify.request.handler:start', ({ request }) => {
  const { url, schema } = request.routeOptions
  const span = trace.getActiveSpan()
  if (span === undefined || schema?.operationId === undefined) return
  span.updateName(schema.operationId)
  span.setAttributes({ 'http.route': url, 'weir.request_id': request.id })
})

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => sdk.shutdown())
