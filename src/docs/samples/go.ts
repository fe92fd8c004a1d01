import type { ApiRequest } from '../try/api-request.ts'
import { timeoutSeconds } from './body.ts'

/** The request as a program that needs only Go's standard library. */
export function goSample({ method, url, headers, body, hasToken, waitMs }: ApiRequest): string {
  const seconds = timeoutSeconds(waitMs)
  const imports = [
    'io',
    'log',
    'net/http',
    'os',
    body !== undefined && 'strings',
    seconds !== undefined && 'time'
  ]
  const lines = [
    body !== undefined && `body := strings.NewReader(${text(body)})`,
    `request, err := http.NewRequest(${JSON.stringify(method)}, ${JSON.stringify(url)}, ${body === undefined ? 'nil' : 'body'})`,
    CHECK,
    hasToken && 'request.Header.Set("Authorization", "Bearer "+os.Getenv("WEIR_TOKEN"))',
    ...headers.map(
      ([name, value]) => `request.Header.Set(${JSON.stringify(canonical(name))}, ${JSON.stringify(value)})`
    ),
    seconds !== undefined && `client := &http.Client{Timeout: ${seconds} * time.Second}`,
    `response, err := ${seconds === undefined ? 'http.DefaultClient' : 'client'}.Do(request)`,
    CHECK,
    'defer response.Body.Close()',
    'log.Println(response.Status)',
    `if _, err := io.Copy(os.Stdout, response.Body); err != nil {\n\tlog.Fatal(err)\n}`
  ].filter((line) => line !== false)
  return `package main

import (
${imports
  .filter((name) => name !== false)
  .map((name) => `\t"${name}"`)
  .join('\n')}
)

func main() {
${lines.map((line) => tabbed(line)).join('\n')}
}
`
}

const CHECK = 'if err != nil {\n\tlog.Fatal(err)\n}'

/** Indents code, but not the lines inside of a raw string, which are part of it. */
function tabbed(line: string): string {
  return line.includes('`') ? `\t${line}` : `\t${line.replaceAll('\n', '\n\t')}`
}

/** A raw string if the text allows one. */
function text(body: string): string {
  return /[`\r]/.test(body) ? JSON.stringify(body) : `\`${body}\``
}

function canonical(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}
