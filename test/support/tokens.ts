import { newToken } from '../../src/http/access/new-token.ts'
import { Tokens } from '../../src/http/access/tokens.ts'
import type { TestServer } from './server.ts'

/** Tokens that each allow something, by their names. */
export interface KnownTokens {
  /** What a server is to be given. */
  readonly access: Tokens
  /** The text of their file. */
  readonly file: string
  /** The header of a request by one of them. */
  headers(name: string): { authorization: string }
}

export function tokensFor(allowed: Readonly<Record<string, readonly string[]>>): KnownTokens {
  const secrets = new Map<string, string>()
  const lines = Object.entries(allowed).map(([name, allow]) => {
    const { token, line } = newToken(name, allow)
    secrets.set(name, token)
    return line
  })
  const file = `{"tokens":[\n${lines.join(',\n')}\n]}\n`
  return {
    access: Tokens.parse(file),
    file,
    headers: (name) => ({ authorization: `Bearer ${secrets.get(name)}` })
  }
}

/** The server as seen by somebody who sends these headers with every request. */
export function as(server: TestServer, headers: Record<string, string>): TestServer {
  return {
    ...server,
    send: (method, url, body, others) => server.send(method, url, body, { ...headers, ...others })
  }
}
