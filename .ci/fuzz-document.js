// Prints the OpenAPI document of a server for the fuzzer.
//
//   node .ci/fuzz-document.js URL [--open]
//
// The server accepts null for an optional member of a request, and for an optional body. The document does not show
// this, because clients generated from it would distinguish null from a missing member. The fuzzer would take an
// accepted null for a fault, so the printed document shows it. With --open, no operation requires a token.

const [url, open] = process.argv.slice(2)
const document = await (await fetch(`${url}/openapi.json`)).json()
const { schemas } = document.components
const visited = new Set()

for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
  if (open === '--open') operation.security = []
  const body = operation.requestBody
  if (body === undefined) continue
  const media = body.content['application/json']
  allowNulls(media.schema)
  if (!body.required) media.schema = nullable(media.schema)
}
process.stdout.write(JSON.stringify(document))

function allowNulls(node) {
  const schema = resolve(node)
  if (visited.has(schema)) return
  visited.add(schema)
  const { properties = {}, required = [], items } = schema
  for (const [name, member] of Object.entries(properties)) {
    allowNulls(member)
    if (!required.includes(name)) properties[name] = nullable(member)
  }
  if (items !== undefined) allowNulls(items)
}

function resolve({ $ref, allOf: [only] = [], ...schema }) {
  if (only !== undefined) return resolve(only)
  return $ref === undefined ? schema : schemas[$ref.split('/').at(-1)]
}

function nullable(schema) {
  return '$ref' in schema ? { allOf: [schema], nullable: true } : { ...schema, nullable: true }
}
