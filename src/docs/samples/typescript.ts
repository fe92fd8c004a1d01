import type { ApiRequest } from '../try/api-request.ts'
import { indented, parsedBody, timeoutSeconds } from './body.ts'

/** The request as a module that uses `fetch`. */
export function typescriptSample(request: ApiRequest): string {
  const { method, url, body, answer, waitMs } = request
  const seconds = timeoutSeconds(waitMs)
  const options = [
    method !== 'GET' && `method: ${literal(method)}`,
    headersOf(request),
    body !== undefined && `body: ${bodyOf(body)}`,
    seconds !== undefined && `signal: AbortSignal.timeout(${seconds * 1000})`
  ].filter((option) => option !== false)
  const call =
    options.length === 0
      ? `fetch(${literal(url)})`
      : `fetch(${literal(url)}, {\n${options.map((option) => `  ${indented(option, '  ')}`).join(',\n')}\n})`
  return `const response = await ${call}\n${FAILURE}\n${READING[answer]}\n`
}

const FAILURE = `if (!response.ok) throw new Error(\`\${response.status}: \${await response.text()}\`)`

const READING: Record<ApiRequest['answer'], string> = {
  json: 'console.log(await response.json())',
  text: 'console.log(await response.text())',
  events: `const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
for (;;) {
  const { done, value } = await reader.read()
  if (done) break
  console.log(value)
}`
}

function headersOf({ headers, hasToken }: ApiRequest): string | false {
  const lines = headers.map(
    ([name, value]) => `${/^[a-z]+$/.test(name) ? name : literal(name)}: ${literal(value)}`
  )
  if (hasToken) lines.unshift(`authorization: \`Bearer \${process.env.WEIR_TOKEN}\``)
  if (lines.length === 0) return false
  return lines.length === 1
    ? `headers: { ${lines[0]} }`
    : `headers: {\n${lines.map((line) => `  ${line}`).join(',\n')}\n}`
}

function bodyOf(body: string): string {
  const parsed = parsedBody(body)
  return parsed === undefined ? literal(body) : `JSON.stringify(${expressionOf(parsed.value)})`
}

/** A value as an expression. */
function expressionOf(value: unknown): string {
  if (typeof value === 'string') return literal(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const isArray = Array.isArray(value)
  const parts = isArray
    ? value.map(expressionOf)
    : Object.entries(value).map(([name, member]) => `${keyOf(name)}: ${expressionOf(member)}`)
  const [open, close] = isArray ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return `${open}${close}`
  const line = isArray ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  if (line.length <= 60 && !line.includes('\n')) return line
  return `${open}\n${parts.map((part) => `  ${indented(part, '  ')}`).join(',\n')}\n${close}`
}

/** `__proto__` sets a prototype unless it is computed. */
function keyOf(name: string): string {
  if (name === '__proto__') return `['__proto__']`
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)
}

/** A string in single quotes. */
function literal(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return `'${escaped.replaceAll("'", "\\'")}'`
}
