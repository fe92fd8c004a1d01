import { newToken } from '../../src/http/access/new-token.ts'
import { Tokens } from '../../src/http/access/tokens.ts'
import type { TestServer } from './server.ts'

/** Tokens with names and scopes. */
export interface KnownTokens {
  /** The tokens in the form that a server takes. */
  readonly access: Tokens
  /** The content of a tokens file. */
  readonly file: string
  /** The headers of a request with the token of this name. */
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

/** A server that adds these headers to every request. */
export function as(server: TestServer, headers: Record<string, string>): TestServer {
  return {
    ...server,
    send: (method, url, body, others) => server.send(method, url, body, { ...headers, ...others })
  }
}
