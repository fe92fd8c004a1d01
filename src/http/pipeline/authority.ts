/** The host and the port in a `Host` header or an origin. */
export interface Authority {
  /**
   * As a browser would write it: in lower case, `127.0.0.1` for `127.1`, IPv6 shortened and in brackets.
   * Without a trailing dot.
   */
  readonly name: string
  /** The name and the port, without the default port of the scheme. */
  readonly host: string
}

type Scheme = 'http:' | 'https:'

/** A name, an IPv4 address, or an IPv6 address without a zone, with an optional port. No user and no path. */
const AUTHORITY = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i

/** Undefined for a text that is not a host with an optional port. */
export function authorityOf(text: string, scheme: Scheme = 'http:'): Authority | undefined {
  const url = `${scheme}//${text}`
  if (!AUTHORITY.test(text) || !URL.canParse(url)) return undefined
  const { hostname, port } = new URL(url)
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
  return { name, host: port === '' ? name : `${name}:${port}` }
}

/** Parses an origin as a browser sends it: a scheme and a host. Undefined for `null` and everything else. */
export function originOf(text: string): { readonly scheme: Scheme; readonly host: string } | undefined {
  const [, scheme, authority = ''] = /^(https?:)\/\/(.*)$/.exec(text) ?? []
  if (scheme !== 'http:' && scheme !== 'https:') return undefined
  const found = authorityOf(authority, scheme)
  return found === undefined ? undefined : { scheme, host: found.host }
}

/**
 * Whether a name always means this machine. Other names may resolve to it, but anyone can register such a
 * name.
 */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || LOOPBACK_IPV4.test(name) || LOOPBACK_MAPPED.test(name)
}

const LOOPBACK_IPV4 = /^127\.\d+\.\d+\.\d+$/
/** An IPv4 address written as IPv6: `[::ffff:127.0.0.1]`. */
const LOOPBACK_MAPPED = /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/
