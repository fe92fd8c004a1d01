import type { ApiRequest } from '../try/api-request.ts'
import { indented, parsedBody, timeoutSeconds } from './body.ts'

/** The request as a program that needs only Python's standard library. */
export function pythonSample({ method, url, headers, body, hasToken, answer, waitMs }: ApiRequest): string {
  const parsed = body === undefined ? undefined : parsedBody(body)
  const isJson = answer === 'json' || parsed !== undefined
  const lines = headers.map(([name, value]) => `${literal(name)}: ${literal(value)}`)
  if (hasToken) lines.unshift(`"authorization": f"Bearer {os.environ['WEIR_TOKEN']}"`)
  const options = [
    literal(url),
    method !== 'GET' && `method=${literal(method)}`,
    lines.length > 0 && `headers={\n${lines.map((line) => `    ${line},`).join('\n')}\n}`,
    body !== undefined &&
      (parsed === undefined
        ? `data=${literal(body)}.encode()`
        : `data=json.dumps(${expressionOf(parsed.value)}).encode()`)
  ].filter((option) => option !== false)
  const imports = [isJson && 'import json', hasToken && 'import os', 'import urllib.request']
  const seconds = timeoutSeconds(waitMs)
  return `${imports.filter((line) => line !== false).join('\n')}

request = urllib.request.Request(
${options.map((option) => `    ${indented(option, '    ')},`).join('\n')}
)
with urllib.request.urlopen(request${seconds === undefined ? '' : `, timeout=${seconds}`}) as response:
    ${READING[answer]}
`
}

const READING: Record<ApiRequest['answer'], string> = {
  json: 'print(json.load(response))',
  text: 'print(response.read().decode())',
  events: `for line in response:
        print(line.decode(), end="", flush=True)`
}

/** A value as an expression. */
function expressionOf(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return literal(value)
  if (typeof value !== 'object') return JSON.stringify(value)
  const isArray = Array.isArray(value)
  const parts = isArray
    ? value.map(expressionOf)
    : Object.entries(value).map(([name, member]) => `${literal(name)}: ${expressionOf(member)}`)
  const [open, close] = isArray ? ['[', ']'] : ['{', '}']
  const line = `${open}${parts.join(', ')}${close}`
  if (line.length <= 60 && !line.includes('\n')) return line
  return `${open}\n${parts.map((part) => `    ${indented(part, '    ')},`).join('\n')}\n${close}`
}

/** A string in double quotes. Python knows all escapes of JSON except surrogates and the slash. */
function literal(text: string): string {
  return JSON.stringify(text)
}
