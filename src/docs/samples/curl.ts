import type { ApiRequest } from '../try/api-request.ts'
import { compactBody } from './body.ts'

/** The request as a command for a POSIX shell. */
export function curlSample({ method, url, headers, body, hasToken, answer }: ApiRequest): string {
  const options = [
    // Without a buffer, events are printed as they arrive.
    answer === 'events' && '-N',
    method === 'HEAD' ? '-I' : method !== (body === undefined ? 'GET' : 'POST') && `-X ${method}`
  ].filter((option) => option !== false)
  const lines = [
    ['curl', ...options, quoted(url)].join(' '),
    hasToken && '-H "authorization: Bearer $WEIR_TOKEN"',
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    body !== undefined && `-d ${quoted(compactBody(body))}`
  ]
  return lines.filter((line) => line !== false).join(' \\\n  ')
}

/** In single quotes, within which the shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
